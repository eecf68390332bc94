package redact_test

// exactStores are the rows of the samples of fixtures/secrets/stores.txtar.
var exactStores = []exact{
	{
		"z01",
		`failed to checkout and determine revision: unable to clone 'ssh://git@git.example/infra.git': ssh: handshake failed: ssh: unable to authenti` +
			`cate with identity "<redacted:pem>\n"`,
	},
	{
		"z02",
		`failed to get credentials: secret 'flux-system/git' has username 'bot' and password '<redacted:password>' but URL is ssh`,
	},
	{"z03", `unable to clone 'https://<redacted:url-userinfo>@bitbucket.example/scm/x.git': 401 Unauthorized`},
	{
		"z04",
		`Get "https://artifactory.example/api/helm/idx.yaml": header X-JFrog-Art-Api=<redacted:artifactory-token> rejected`,
	},
	{"z05", `Get "https://nexus.example/repository/x?NX-CSRF-TOKEN=<redacted:token>": 403`},
	{"z06", `failed to login to registry.example: username=ci password="<redacted:password>"`},
	{
		"z07",
		`oauth2: cannot fetch token: 401 client_id=flux&client_secret=<redacted:secret>&grant_type=client_credentials`,
	},
	{
		"z08",
		`failed to fetch https://charts.example/index.yaml : 401; sent Authorization: <redacted:authorization>`,
	},
	{"z09", `kustomize build failed: secretGenerator: literals [token=<redacted:token> user=ci]`},
	{
		"z10",
		`kustomize build failed: json patch: {"op":"add","path":"/spec/template/spec/containers/0/env/-","value":{"name":"API_PASSWORD","value":"<red` +
			`acted:password>"}}`,
	},
	{
		"z11",
		`Deployment/apps/x dry-run failed: .spec.template.spec.containers[0].env[3].value: Invalid value: "<redacted:base64>" for variable SENTRY_AUT` +
			`H_TOKEN`,
	},
	{"z12", `ExternalSecret/apps/x: could not update: value <redacted:secret> for key password rejected`},
	{"z13", `Secret/apps/x created with stringData {username: ci, password: <redacted:password>}`},
	{
		"z14",
		`StatefulSet/db: command: ["sh","-c","redis-server --requirepass <redacted:password> --port 6379"]`,
	},
	{"z15", `Job/apps/x: args: ["--dsn","<redacted:secret>"] failed`},
	{"z16", `CronJob/apps/x: args: ["--basic-auth","<redacted:authorization>"] failed`},
	{"z17", `Pod/apps/x: Error: flags: --auth-token=<redacted:token> --listen=:80`},
	{
		"z18",
		`Ingress/apps/x: annotation nginx.ingress.kubernetes.io/configuration-snippet: proxy_set_header X-Api-Key <redacted:api-key>;`,
	},
	{"z19", `helm values: ingress.auth.htpasswd=<redacted:password>`},
	{
		"z20",
		`helm template: at <.Values.smtp.password>: nil pointer; values were {"smtp":{"user":"a","password":"<redacted:password>"}}`,
	},
	{
		"z21",
		`helm: wrong type for value; expected string; got map[string]interface {}: map[password:<redacted:password> user:a]`,
	},
	{
		"z22",
		`helm hook post-install: curl -sf -H "X-Vault-Token: <redacted:token>" http://vault:8200/v1/sys/health exit 22`,
	},
	{"z23", `helm hook: PGPASSWORD=<redacted:password> pg_dump -h db failed`},
	{"z24", `helm hook: mysqldump --user=root --password='<redacted:password>' db > /dev/null`},
	{"z25", `helm release secret sh.helm.release.v1.x.v1 decode: <redacted:base64>`},
	{"z26", `GitHub dispatch: 401 {"message":"Bad credentials"} for token <redacted:token>`},
	{"z27", `GitHub: refresh token <redacted:token> expired`},
	{"z28", `GitLab runner registration token <redacted:token> invalid`},
	{"z29", `GitLab agent: <redacted:gitlab-token> not authorized`},
	{"z30", `Gitea: basic auth <redacted:authorization> failed`},
	{"z31", `Bitbucket: Authorization: <redacted:authorization>`},
	{"z32", `Slack: xapp token <redacted:token> revoked`},
	{"z33", `Discord: webhook token <redacted:token> in <redacted:base64>`},
	{"z34", `Teams: {"webhookUrl":"https://x.webhook.office.com/<redacted:webhook>"} gone`},
	{"z35", `PagerDuty: {"service_key":"<redacted:secret>"} invalid`},
	{"z36", `Opsgenie: Authorization: <redacted:authorization>`},
	{"z37", `Sentry: X-Sentry-Auth: Sentry sentry_key=<redacted:secret>, sentry_secret=<redacted:secret> 401`},
	{"z38", `Datadog: api_key <redacted:api-key> is invalid, application_key <redacted:secret>`},
	{"z39", `Matrix: user_id=@flux:matrix.example password=<redacted:password> M_FORBIDDEN`},
	{
		"z40",
		`Azure: DefaultAzureCredential: EnvironmentCredential: <redacted:secret> AZURE_PASSWORD=<redacted:password> failed`,
	},
	{"z41", `Azure Key Vault: secret db-password version 1 value <redacted:secret> could not be parsed`},
	{"z42", `AWS SSM: parameter /prod/db/password = <redacted:password> has wrong type`},
	{
		"z43",
		`AWS Secrets Manager: SecretString {"username":"app","password":"<redacted:password>","engine":"mysql"} invalid`,
	},
	{"z44", `GCP Secret Manager: payload data <redacted:secret> crc mismatch for projects/1/secrets/db-pass`},
	{"z47", `age: no identity matched; tried <redacted:age-key>`},
	{"z48", `cert-manager: secret tls.key invalid: <redacted:base64>`},
	{"z49", `ClickHouse: code 516: default: password <redacted:password> is incorrect`},
	{"z50", `MongoDB: (AuthenticationFailed) mongodb://<redacted:url-userinfo>@m-0.m:27017/admin`},
	{"z51", `Redis: NOAUTH; tried AUTH default <redacted:password>`},
	{"z52", `RabbitMQ: ACCESS_REFUSED - amqps://<redacted:url-userinfo>@mq:5671/v`},
	{
		"z53",
		`MSSQL: Login failed for user 'sa'. ConnectionString: <redacted:secret>;User=sa;Password=<redacted:password>;`,
	},
	{"z54", `Oracle: ORA-01017 for system/<redacted:password>@//ora:1521/X`},
	{"z55", `Snowflake: account=x;user=a;password=<redacted:password>;db=c`},
	{"z56", `Kafka: SASL username="a" password="<redacted:password>" failed`},
	{"z57", `LDAP: bind as cn=a,dc=b with password <redacted:password> failed: 49`},
	{"z58", `Cookie: <redacted:cookie>`},
	{"z59", `Set-Cookie: <redacted:cookie>`},
	{"z60", `kubectl describe: Environment: ADMIN_PASS: <redacted:password> LOG: info`},
}
