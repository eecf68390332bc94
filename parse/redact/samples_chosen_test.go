package redact_test

// exactChosen are the rows of the samples of fixtures/secrets/chosen.txtar.
var exactChosen = []exact{
	{
		"git-userpass",
		`failed to checkout and determine revision: unable to clone 'https://git.corp.example/fleet': authentication required: user "deploy", passwor` +
			`d "<redacted:password>"`,
	},
	{"git-userpass2", `basic auth failed for deploy with password <redacted:password>`},
	{
		"git-raw-hash",
		`unable to clone: parse "https://<redacted:url-userinfo>@git.corp.example/fleet.git": invalid port "<redacted:url-userinfo>" after host`,
	},
	{
		"git-raw-slash",
		`unable to clone 'https://<redacted:url-userinfo>@git.corp.example/fleet.git': dial tcp: lookup deploy: no such host`,
	},
	{
		"git-raw-quest",
		`unable to clone 'https://<redacted:url-userinfo>@git.corp.example/fleet.git': 400 Bad Request`,
	},
	{
		"git-raw-space",
		`unable to clone 'https://<redacted:url-userinfo>@git.corp.example/fleet.git': net/url: invalid userinfo`,
	},
	{
		"git-raw-quote",
		`unable to clone "https://<redacted:url-userinfo>@git.corp.example/fleet.git": net/url: invalid userinfo`,
	},
	{
		"git-raw-at",
		`unable to clone 'https://<redacted:url-userinfo>@git.corp.example/fleet.git': unexpected client error`,
	},
	{
		"git-ssh-userinfo",
		`unable to clone 'ssh://<redacted:url-userinfo>@git.corp.example:2222/fleet.git': ssh: handshake failed`,
	},
	{
		"git-scp",
		`unable to dial <redacted:url-userinfo>@git.corp.example:fleet.git: ssh: unable to authenticate`,
	},
	{
		"git-token-only",
		`unable to clone 'https://<redacted:url-userinfo>@git.corp.example/fleet.git': repository not found`,
	},
	{
		"git-token-user",
		`unable to clone 'https://<redacted:url-userinfo>@github.com/org/fleet.git': repository not found`,
	},
	{"git-bb-app", `unable to clone 'https://<redacted:url-userinfo>@bitbucket.org/org/fleet.git': 403`},
	{
		"git-cred-fill",
		"git credential fill: protocol=https\nhost=git.corp.example\nusername=deploy\npassword=<redacted:password>",
	},
	{"git-http-trace", `=> Send header: Authorization: <redacted:authorization>`},
	{"git-env", `GIT_USERNAME=deploy GIT_PASSWORD='<redacted:password>' git push: exit status 128`},
	{
		"helm-repo-userinfo",
		`failed to fetch https://<redacted:url-userinfo>@charts.corp.example/index.yaml : 403 Forbidden`,
	},
	{
		"helm-repo-user",
		`helm repo add corp https://charts.corp.example --username helm --password <redacted:password>`,
	},
	{
		"helm-registry",
		`helm registry login ghcr.io --username bot --password-stdin <<< <redacted:github-token>`,
	},
	{
		"helm-registry2",
		`echo <redacted:secret> | helm registry login harbor.corp.example -u bot --password-stdin`,
	},
	{
		"helm-diff",
		"apps, db, Secret (v1) has changed:\n  data:\n-   password: '<redacted:password>'\n+   password: <redacted:password>",
	},
	{
		"helm-lookup",
		`error calling include: template: redis/templates/_helpers.tpl:88:10: executing "redis.password" at <(lookup "v1" "Secret" "apps" "redis").da` +
			`ta.password | b64dec>: error calling b64dec: illegal base64 data at input byte 4: "<redacted:secret>"`,
	},
	{
		"helm-tpl-index",
		`executing "app/templates/cm.yaml" at <index .Values.users "admin">: error calling index: cannot index slice/array with type string: [map[nam` +
			`e:admin password:<redacted:password>]]`,
	},
	{
		"helm-tpl-cmp",
		`at <eq .Values.auth.password "<redacted:secret>">: error calling eq: incompatible types for comparison`,
	},
	{
		"helm-tpl-repl",
		`at <regexReplaceAll "\\W+" "<redacted:secret>" "">: error calling regexReplaceAll: bad pattern in password`,
	},
	{
		"helm-schema",
		`values don't meet the specifications of the schema(s): - auth.password: Invalid type. Expected: string, given: integer (<redacted:secret-dat` +
			`a>)`,
	},
	{"helm-schema3", `- at '/adminPassword': minLength: got 7, want 12: '<redacted:secret>'`},
	{
		"helm-coalesce",
		`coalesce.go:286: warning: cannot overwrite table with non table for redis.auth (map[password:<redacted:password>])`,
	},
	{
		"helm-coalesce2",
		`coalesce.go:237: warning: skipped value for auth.password: Not a table. (<redacted:secret-data>)`,
	},
	{
		"helm-warn",
		`walk.go:74: found symbolic link; warning: destination for smtp.password is a table. Ignoring non-table value (<redacted:secret-data>)`,
	},
	{
		"helm-notes",
		"NOTES:\n1. Login with the password: <redacted:password>\n2. kubectl port-forward svc/grafana 3000:80",
	},
	{"helm-notes2", `Username: admin Password: <redacted:password>`},
	{
		"helm-get",
		"USER-SUPPLIED VALUES:\nauth:\n  rootPassword: <redacted:password>\n  replicationPassword: \"<redacted:password>\"\nsmtp:\n  auth:\n    user: app\n   " +
			` pass: <redacted:password>`,
	},
	{"kus-vars", `envsubst error: DB_PASSWORD='<redacted:password>' contains invalid character`},
	{
		"kus-substitute",
		`substituteFrom Secret/cluster-secrets: key 'db-pass' value '<redacted:secret>' is not a valid variable`,
	},
	{
		"kus-replacement",
		`unable to find field "spec.template" in replacement target; source value "<redacted:secret>" from Secret db:data.password`,
	},
	{
		"kus-transform",
		`error: json: cannot unmarshal string "<redacted:secret>" into Go struct field .stringData of type map[string]string`,
	},
	{
		"kus-patch-op",
		"- op: replace\n  path: /spec/values/auth/password\n  value: <redacted:password>\n: replace operation does not apply",
	},
	{
		"kus-patch-json",
		`[{"op":"replace","path":"/data/password","value":"<redacted:password>"}] doc is missing key`,
	},
	{
		"kus-patch-test",
		`testing value /stringData/token failed: expected <redacted:secret> got <redacted:secret>`,
	},
	{
		"kus-merge",
		`invalid strategic merge patch: {"spec":{"values":{"smtp":{"auth":{"pass":"<redacted:password>","user":"app"}}}}}`,
	},
	{"kus-env-file", `invalid .env line 4: "export API_KEY <redacted:api-key>"`},
	{
		"kus-apply",
		`kubectl apply: The request is invalid: patch: Invalid value: "map[data:map[<redacted:secret-data>] metadata:map[annotations:map[]]]": unreco` +
			`gnized type: int32`,
	},
	{
		"kus-ssa-conflict",
		`Apply failed with 1 conflict: conflict with "kubectl" using v1: .data.password (value "<redacted:secret>")`,
	},
	{
		"kus-ssa-struct",
		`failed to create typed live object: .spec.template.spec.containers[name="web"].env: duplicate entries for key [name="TOKEN"]: {"name":"TOKEN` +
			`","value":"<redacted:token>"}`,
	},
	{
		"kus-admission",
		`admission webhook "validate.kyverno.svc" denied the request: validation error: plain secrets not allowed in env: DB_PASSWORD=<redacted:passw` +
			`ord> rule check-env failed at path /spec/containers/0/env/0/value/`,
	},
	{"kus-gatekeeper", `[deny-plain-env] container <web> has env var <DB_PASSWORD> <redacted:password>>`},
	{
		"kus-opa",
		`admission webhook denied: env {"name": "SMTP_PASS", "value": "<redacted:password>"} must use valueFrom`,
	},
	{
		"kus-cel",
		`ValidatingAdmissionPolicy 'no-plain' denied: failed expression: object.spec.password != "<redacted:password>"`,
	},
	{
		"kus-crd",
		`PostgresUser.db "app" is invalid: spec.password: Invalid value: "<redacted:secret-data>": spec.password in body must be of type object: "<re` +
			`dacted:password>"`,
	},
	{
		"kus-crd2",
		`Grafana "g" is invalid: spec.config.security.admin_password: Too long: may not be more than 8 bytes, got "<redacted:secret>"`,
	},
	{
		"kus-crd3",
		`spec.users[0].password: Invalid value: "<redacted:secret-data>": password must contain an upper-case letter`,
	},
	{
		"kus-extsec",
		`could not get secret data from provider: invalid JSON in vault key apps/db: {"password": <redacted:password>}`,
	},
	{"kus-sealed", `cannot unseal: raw value "<redacted:secret>" for key password is not encrypted`},
	{
		"kus-reloader",
		`Changes detected in 'db' of type 'SECRET' old password <redacted:password> new password <redacted:password>`,
	},
	{
		"kus-dryrun",
		`Secret/apps/db dry-run failed: cannot convert int64 to string: stringData.pin=<redacted:pin>`,
	},
	{"kus-probe", `Liveness probe failed: Get "http://<redacted:url-userinfo>@10.1.2.3:8080/health": EOF`},
	{
		"kus-event",
		`Error: failed to start container "db": exec: "POSTGRES_PASSWORD=<redacted:password>": executable file not found in $PATH`,
	},
	{
		"kus-event2",
		`Back-off restarting failed container: args: [--db-user=app --db-password=<redacted:password> --v=2]`,
	},
	{"kus-event3", `flag provided but not defined: -admin-pass <redacted:password>`},
	{"kus-event4", `invalid argument "<redacted:secret>" for "--smtp-password" flag: strconv.ParseBool`},
	{"kus-event5", `unknown flag: --tokn=<redacted:base64>; did you mean --token?`},
	{
		"img-basic",
		`failed to list tags: GET https://<redacted:url-userinfo>@registry.corp.example/v2/_catalog: 401`,
	},
	{"img-cred", `credentials for registry.corp.example: <redacted:secret> rejected`},
	{"img-login", `docker login registry.corp.example --username=bot --password=<redacted:password> failed`},
	{"img-ecr-pw", `aws ecr get-login-password gave <redacted:base64>, login failed`},
	{"img-secret", `invalid imagePullSecret: username "bot" password "<redacted:password>" auth mismatch`},
	{"img-auto", `git push: remote: Invalid username or token for <redacted:secret>`},
	{"not-smtp", `535 5.7.8 authentication failed for alerts@corp.example with <redacted:password>`},
	{"not-generic", `Post "https://hooks.corp.example/flux?secret=<redacted:secret>": 500`},
	{"not-generic2", `Post "https://hooks.corp.example/flux?user=bot&pwd=<redacted:password>": 500`},
	{"not-hmac", `HMAC verification failed: computed with key "<redacted:secret>"`},
	{"not-hmac2", `unable to validate payload: shared secret <redacted:secret> gives another signature`},
	{"not-basic", `Post "https://hooks.corp.example/": basic auth <redacted:authorization> refused`},
	{"not-header", `header X-Api-Key: <redacted:api-key> rejected by hooks.corp.example`},
	{"not-proxy", `proxyconnect tcp: proxy http://<redacted:url-userinfo>@10.0.0.9:3128: Forbidden`},
	{"src-bucket", `bucket auth: access key flux / secret key <redacted:secret> refused by minio`},
	{"src-cert", `pkcs12: decryption password incorrect: "<redacted:password>"`},
	{"src-key-pass", `ssh: cannot decode encrypted private keys with passphrase <redacted:password>`},
	{"src-sops-pgp", `gpg: decryption failed: Bad passphrase '<redacted:password>'`},
}
