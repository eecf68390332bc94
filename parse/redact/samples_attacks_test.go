package redact_test

// exactAttacks are the rows of the samples of fixtures/secrets/attacks.txtar.
var exactAttacks = []exact{
	{
		"git-list-remote",
		`failed to checkout and determine revision: unable to list remote for 'https://<redacted:url-userinfo>@github.com/acme/fleet': authentication` +
			` required: Invalid username or token. Password authentication is not supported`,
	},
	{
		"git-ssh-key-mismatch",
		`unable to clone: ssh: handshake failed: knownhosts: key mismatch; remote ssh://<redacted:url-userinfo>@git.example:22/x`,
	},
	{
		"registry-robot-locked",
		`GET https://registry.example/v2/: unexpected status code 401: {"errors":[{"code":"UNAUTHORIZED","detail":"robot:<redacted:password> is locke` +
			`d"}]}`,
	},
	{
		"helm-b64enc",
		`Helm upgrade failed: template: app/templates/secret.yaml:3:19: executing "app/templates/secret.yaml" at <b64enc "<redacted:secret>">: wrong ` +
			`type`,
	},
	{
		"helm-must-set",
		`Helm install failed: execution error at (app/templates/_helpers.tpl:10:4): You must set auth.rootPassword (currently <redacted:password>)`,
	},
	{
		"helm-values-flow",
		`values: {auth: {enabled: true, rootPassword: <redacted:password>, existingSecret: ""}, image: {tag: v1}}`,
	},
	{
		"helm-computed-values",
		"COMPUTED VALUES:\nglobal:\n  postgresql:\n    auth:\n      postgresPassword: <redacted:password>\n      username: app\n",
	},
	{
		"env-value-number",
		`Deployment/apps/web dry-run failed (Invalid): spec.template.spec.containers[0].env[2].value: Invalid value: "number": env DB_PASSWORD: <reda` +
			`cted:password>`,
	},
	{
		"secret-illegal-base64",
		`Secret/apps/db dry-run failed: Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 8: "<redacted:secret>` +
			`"`,
	},
	{
		"unmarshal-number",
		`json: cannot unmarshal number <redacted:secret> into Go struct field Secret.stringData of type string`,
	},
	{
		"sops-age-identity",
		`failed to decrypt sops data: cannot get sops data key: Error decrypting with age identity <redacted:age-key>`,
	},
	{
		"envsubst",
		`post build failed for 'db': envsubst error: variable DB_PASS=<redacted:password> has invalid name`,
	},
	{
		"discord-wait",
		`notification-controller: failed to post to https://discord.<redacted:base64>?wait=true: 404`,
	},
	{"teams-webhookb2", `request to https://acme.webhook.office.com/<redacted:webhook> failed`},
	{"jwt-expired", `Bearer token <redacted:token> has expired at 2026-01-01`},
	{"kubectl-token", `error: You must be logged in to the server; token=<redacted:token>`},
	{
		"kubelogin",
		`getting credentials: exec: executable kubelogin failed: --client-secret <redacted:secret> --tenant-id x`,
	},
	{
		"sts-denied",
		`STS: AccessDenied for AccessKey=<redacted:secret>, Secret=<redacted:secret>, Token=<redacted:token>`,
	},
	{
		"dockerconfigjson",
		`could not parse dockerconfigjson: {"auths":{"ghcr.io":{"username":"bot","password":"<redacted:password>","auth":"<redacted:authorization>"}}` +
			`}`,
	},
	{"oauth2-proxy-cookie", `Cookie header: "_oauth2_proxy=<redacted:base64>|1700000000|<redacted:base64>"`},
	{"connect-sid", `sid=<redacted:session>; Path=/`},
	{"basic-upstream", `authorization: <redacted:authorization>`},
	{"mysql-dsn-tls", `mysql: dsn "<redacted:url-userinfo>@tcp(db.example:3306)/shop?tls=skip" refused`},
	{"jdbc-query", `jdbc:postgresql://db/shop?user=app&password=<redacted:password>&ssl=true`},
	{
		"jdbc-sqlserver",
		`jdbc:sqlserver://db:1433;databaseName=x;user=sa;password=<redacted:password>;encrypt=true`,
	},
	{"clickhouse-dsn", `clickhouse://<redacted:url-userinfo>@ch:9000/db?x=1`},
	{"neo4j", `neo4j: bolt://<redacted:url-userinfo>@graph:7687 unavailable`},
	{"influx-token", `influx: token <redacted:token> unauthorized`},
	{"cassandra", `cassandra auth: <redacted:authorization>:"app", Password:"<redacted:password>"}`},
	{"couchdb", `couchdb http://<redacted:url-userinfo>@couch:5984/_up: 401`},
	{"odbc-braces", `Server=tcp:x.database.windows.net;User ID=a;Password={<redacted:password>};Encrypt=True`},
	{"kafka-sasl", `kafka: SASL PLAIN username=app password=<redacted:password>`},
	{
		"kafka-jaas",
		`sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="a" password="<redacted:password>";`,
	},
	{"rabbitmqctl", `rabbitmqctl add_user app <redacted:secret>: exit 70`},
	{"etcdctl", `etcdctl --user <redacted:password> get /`},
	{"pem-escaped-twice", "temporal: mTLS key <redacted:pem>\\\n invalid"},
	{"github-app-pem-spaces", `github app private key "<redacted:secret>" cannot be parsed`},
	{"gpg-packet", `gpg: secret key material: <redacted:base64>`},
	{"env-list-go", `[{Name:DB_HOST Value:pg} {Name:DB_PASSWORD Value:<redacted:password>}]`},
	{"secret-bytes-go", `&{Data:map[<redacted:secret-data>]}`},
	{"curl-api-key", `exec: "curl": -H "X-API-Key:<redacted:api-key>" https://x`},
	{
		"sentry-query",
		`https://sentry.example/api/1/store/?sentry_key=<redacted:secret>&sentry_secret=<redacted:secret>`,
	},
	{
		"azure-sas-blob",
		`https://x.blob.core.windows.net/c/f?st=2026&se=2027&sp=r&spr=https&sv=2022&sr=b&sig=<redacted:signature>`,
	},
	{
		"s3-signature",
		`s3: SignatureDoesNotMatch: StringToSign AWS4-HMAC-SHA256 Credential=<redacted:secret>, Signature=<redacted:signature>`,
	},
	{"vault-kv", `vault: {"data":"<redacted:secret-data>"}`},
	{"terraform-provider", `terraform: Error: provider "pg" { password = "<redacted:password>" }`},
	{"receiver-token", `flux: receiver token "<redacted:token>" too short`},
	{"webhook-signature", `generic webhook: header X-Signature: <redacted:signature> mismatch`},
	{"credential-helper", `git: 'credential.helper=!f() { echo password=<redacted:password>; }; f' failed`},
	{"cmd-set", `set PGPASSWORD=<redacted:password>`},
	{"java-property", `-Dspring.datasource.password=<redacted:password> -jar app.jar`},
	{
		"last-applied",
		`{"kind":"Secret","apiVersion":"v1","metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"stringData\":\"<redacte` +
			`d:secret-data>\"}"}}}`,
	},
	{
		"mysql-denied",
		`Error 1045 (28000): Access denied for user 'app'@'10.0.0.1' (using password: <redacted:password>)`,
	},
	{"redis-auth-failed", `redis: AUTH failed for <redacted:url-userinfo>@cache:6379`},
	{
		"proxyconnect",
		`proxyconnect tcp: http://<redacted:url-userinfo>@proxy:3128: Proxy Authentication Required`,
	},
	{"https-proxy", `NO_PROXY=x HTTPS_PROXY=http://<redacted:url-userinfo>@p:1`},
	{"smtp-535", `smtp: 535 auth failed for bot@example.com / <redacted:password>`},
	{"matrix-login", `matrix: {"access_token":"<redacted:token>","user_id":"@bot:x"}`},
	{"telegram-bot", `telegram: bot9946678941:<redacted:base64> was blocked`},
}
