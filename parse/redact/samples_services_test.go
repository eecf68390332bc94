package redact_test

// exactServices are the rows of the samples of fixtures/secrets/services.txtar.
var exactServices = []exact{
	{
		"flux-git-commit",
		`failed to push to remote: unable to push to 'https://<redacted:url-userinfo>@git.example/fleet.git': unexpected client error: unexpected req` +
			`uesting "https://<redacted:url-userinfo>@git.example/fleet.git/git-receive-pack" status code: 403`,
	},
	{
		"image-repo",
		`failed to list tags for 'registry.example/app': GET https://auth.example/token?account=robot&password=<redacted:password>&service=registry: ` +
			`UNAUTHORIZED`,
	},
	{
		"helmrepo-oci",
		`failed to login to OCI registry: credentials: {"Username":"robot","Password":"<redacted:password>"}`,
	},
	{
		"bucket",
		`failed to confirm existence of 'charts' bucket: AccessKeyId=<redacted:secret> SecretAccessKey=<redacted:secret>`,
	},
	{"sops-age-env", `SOPS_AGE_KEY=<redacted:secret> sops -d x.yaml: exit status 128`},
	{"sops-azure", `AZURE_CLIENT_SECRET: "<redacted:secret>" tenant: x`},
	{"sops-kms", `failed to decrypt with KMS: AWS_SESSION_TOKEN="<redacted:token>"`},
	{
		"notif-generic",
		`failed to send notification: Post "https://hook.eu1.make.com/<redacted:webhook>": dial tcp: lookup hook.eu1.make.com: no such host`,
	},
	{"notif-lark", `Post "https://open.feishu.cn/open-apis/bot/v2/hook/<redacted:webhook>": EOF`},
	{
		"notif-googlechat",
		`Post "https://chat.googleapis.com/v1/spaces/AAQAx/messages?key=<redacted:secret>&token=<redacted:token>&threadKey=x": 400`,
	},
	{"notif-slack-token", `failed to send notification: slack error: invalid_auth, token <redacted:token>`},
	{
		"notif-github",
		`could not update status: PATCH https://api.github.com/repos/a/b: 401 Bad credentials, Authorization: <redacted:authorization>`,
	},
	{
		"notif-azure-eh",
		`failed to send: Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=fluxpub;SharedAccessKey=<redacted:secret>;EntityPath=flux: ba` +
			`d connection string`,
	},
	{
		"notif-pagerduty",
		`Post "https://events.pagerduty.com/v2/enqueue": bad body {"routing_key":"<redacted:secret>"}`,
	},
	{"notif-alertmanager", `Post "https://<redacted:url-userinfo>@am.example/api/v2/alerts": x509`},
	{"notif-matrix-header", `Authorization: <redacted:authorization>`},
	{"notif-gitea", `token <redacted:token> was refused by https://gitea.example`},
	{"notif-zulip", `zulip: flux-bot@zulip.example:<redacted:base64> 401`},
	{"receiver-hmac", `unable to validate HMAC signature: X-Hub-Signature-256: <redacted:signature>`},
	{"receiver-gitlab", `X-Gitlab-Token: <redacted:token> does not match`},
	{"receiver-path", `receiver /hook/<redacted:webhook> not ready`},
	{"receiver-query", `POST /hook?token=<redacted:token> from 10.0.0.1: 400`},
	{
		"helm-post-render",
		`error while running post render on files: accumulating: Secret "db" data: <redacted:secret-data>`,
	},
	{
		"helm-hook",
		`pre-upgrade hooks failed: job migrate: psql postgresql://<redacted:url-userinfo>@pg/shop: FATAL`,
	},
	{"helm-rollback-notes", `NOTES: admin password: <redacted:password> (change it)`},
	{
		"helm-values-from",
		`could not resolve Secret chart values reference 'apps/db-values': unable to merge value from key 'password' in 'apps/db-values' at target pa` +
			`th 'auth.password': key "<redacted:secret>" has no value`,
	},
	{
		"helm-cannot-overwrite",
		`cannot overwrite table with non table for app.auth (map[password:<redacted:password> username:app])`,
	},
	{
		"helm-coalesce",
		`warning: destination for app.auth.password is a table. Ignoring non-table value (<redacted:secret-data>)`,
	},
	{
		"helm-yaml-parse",
		`YAML parse error on app/templates/secret.yaml: error converting YAML to JSON: yaml: line 8: could not find expected ':' near "password: <red` +
			`acted:password>"`,
	},
	{
		"helm-unmarshal",
		`json: cannot unmarshal string into Go struct field .Values.auth of type map: "<redacted:authorization>"`,
	},
	{
		"kustomize-patch",
		`json patch failed: {"op":"add","path":"/stringData/token","value":"<redacted:token>"}: doc is missing path`,
	},
	{
		"kustomize-yaml-near",
		`MalformedYAMLError: yaml: line 3: mapping values are not allowed in this context in File: secret.yaml near: stringData: token: <redacted:tok` +
			`en>`,
	},
	{
		"exec-plugin",
		`getting credentials: exec: executable aws-iam failed with exit code 1: env [AWS_SECRET_ACCESS_KEY=<redacted:secret> HOME=/]`,
	},
	{"exec-args", `exec ["mysql","-uroot","-p<redacted:password>","-e","select 1"] failed`},
	{"exec-args2", `exec: ["psql" "--username" "app" "--password" "<redacted:password>"] exit status 2`},
	{"probe", `Readiness probe failed: redis-cli -a <redacted:password> ping: NOAUTH`},
	{"probe-http", `Liveness probe failed: Get "http://<redacted:url-userinfo>@10.2.3.4:8080/health": EOF`},
	{
		"job-log",
		`job log: DATABASE_URL=postgres://<redacted:url-userinfo>@pg/shop RAILS_MASTER_KEY=<redacted:secret>`,
	},
	{"django", `SECRET_KEY = '<redacted:secret>' is insecure`},
	{"laravel", `APP_KEY=<redacted:secret> is invalid`},
	{"rails-cred", `secret_key_base: <redacted:secret>`},
	{"jwt-secret", `JWT_SECRET=<redacted:secret> is too short`},
	{"symfony", `MAILER_DSN=<redacted:secret> is invalid`},
	{
		"spring",
		`Failed to bind properties under 'spring.datasource': Property: spring.datasource.password Value: "<redacted:password>" Origin: env`,
	},
	{"quarkus", `quarkus.datasource.password: <redacted:password> (from config map)`},
	{
		"dotnet",
		`ConnectionStrings__Default=Server=db;Database=x;User Id=sa;Password=<redacted:password>; refused`,
	},
	{"java-props", `javax.net.ssl.trustStorePassword=<redacted:password> is wrong`},
	{"java-arg", `java -Djavax.net.ssl.keyStorePassword=<redacted:password> -jar x.jar: exit status 1`},
	{"vault-kv", `vault kv put secret/app password=<redacted:password>: permission denied`},
	{"vault-response", `{"auth":{"client_token":"<redacted:token>","accessor":"x"}}`},
	{"vault-wrapping", `wrapping_token: <redacted:token> is expired`},
	{"eso", `SecretStore: could not get secret: {"SecretString":"<redacted:secret>"}`},
	{"certmanager", `acme: accountkey: <redacted:secret>`},
	{"externaldns", `CF_API_TOKEN <redacted:token> is not valid`},
	{"route53", `AWS_SECRET_ACCESS_KEY <redacted:secret> not authorized`},
	{
		"velero",
		`cloud credentials: [default]\naws_access_key_id=<redacted:secret>\naws_secret_access_key=<redacted:secret>\n`,
	},
	{"thanos", `objstore config: access_key: <redacted:secret>, secret_key: <redacted:secret>: denied`},
	{"loki-basic", `clients: - url: https://<redacted:url-userinfo>@logs.grafana.net/push: 401`},
	{"promremote", `remote_write: basic_auth: {username: bot, password: <redacted:password>}: 401`},
	{"oauth2-proxy", `--client-secret=<redacted:secret> --cookie-secret=<redacted:secret>: invalid`},
	{"dex", `staticPasswords: - email: a@b.c hash: "<redacted:password-hash>"`},
	{"keycloak", `KC_BOOTSTRAP_ADMIN_PASSWORD=<redacted:password> KC_DB=postgres: exit status 2`},
	{
		"gitea-admin",
		`gitea admin user create --username bot --password '<redacted:password>' --email a@b.c: exit 1`,
	},
	{"harbor-robot", `robot account: {"name":"robot$flux","secret":"<redacted:secret>"}`},
	{"nexus", `curl -u <redacted:password> http://nexus/service/rest: 401`},
	{"sonar", `sonar.login=<redacted:sonar-token> is not authorized`},
	{"snyk", `SNYK_TOKEN=<redacted:token> snyk auth: 401`},
	{"slack-legacy-url", `https://acme.slack.com/api/chat.postMessage?token=<redacted:token>&channel=x`},
	{"stripe-err", `Invalid API Key provided: <redacted:api-key>`},
	{"openai-err", `Incorrect API key provided: <redacted:api-key> You can find`},
	{"twilio", `twilio: AccountSid AC9f1d, AuthToken <redacted:secret>`},
	{"azure-func", `https://acme.azurewebsites.net/api/x?code=<redacted:secret>: 401`},
	{"gcs-hmac", `<redacted:google-key> secret <redacted:secret>`},
	{"firebase", `firebase: {"apiKey":"<redacted:api-key>","authDomain":"x"}`},
	{"basic-b64-short", `Authorization: <redacted:authorization>`},
	{"bearer-short", `Authorization: <redacted:authorization>`},
	{"cookie-xsrf", `X-XSRF-TOKEN: <redacted:token>, Cookie: <redacted:cookie>`},
	{"pem-indented", "  key: |\n      <redacted:pem>"},
	{"pem-concat", `"<redacted:pem>" + "<redacted:base64>" + "-----END PRIVATE KEY-----"`},
	{
		"pem-list",
		`lines: ["<redacted:pem>","<redacted:base64>","<redacted:base64>","-----END PRIVATE KEY-----"]`,
	},
	{"ssh-key-b64", `identity: <redacted:base64>`},
	{"ssh-key-b64-wrapped", `identity: <redacted:base64>\n<redacted:base64>`},
}
