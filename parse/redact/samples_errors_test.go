package redact_test

// exactErrors are the rows of the samples of fixtures/secrets/errors.txtar.
var exactErrors = []exact{
	{
		"git-userinfo-port",
		`failed to checkout and determine revision: unable to list remote for 'https://<redacted:url-userinfo>@git.corp.example:8443/platform/fleet.g` +
			`it': dial tcp 10.4.3.2:8443: i/o timeout`,
	},
	{
		"git-userinfo-empty-user",
		`failed to checkout and determine revision: unable to clone 'https://<redacted:url-userinfo>@bitbucket.corp.example/scm/plat/fleet.git': auth` +
			`entication required: Unauthorized`,
	},
	{
		"git-userinfo-oauth2",
		`unable to clone 'https://<redacted:url-userinfo>@gitlab.corp.example/platform/fleet.git': remote: HTTP Basic: Access denied`,
	},
	{
		"git-userinfo-x-access-token",
		`unable to clone 'https://<redacted:url-userinfo>@github.com/acme/fleet': repository not found`,
	},
	{
		"git-userinfo-plus",
		`git push: unable to access 'https://<redacted:url-userinfo>@dev.azure.com/acme/_git/fleet/': The requested URL returned error: 403`,
	},
	{
		"git-userinfo-unicode-host",
		`unable to clone 'https://<redacted:url-userinfo>@git.münchen.example/org/repo.git': EOF`,
	},
	{
		"git-userinfo-percent-unicode",
		`unable to clone 'https://<redacted:url-userinfo>@git.example.org/org/repo.git': EOF`,
	},
	{
		"git-userinfo-emoji",
		`unable to clone 'https://<redacted:url-userinfo>@git.example.org/org/repo.git': EOF`,
	},
	{
		"git-userinfo-brackets",
		`parse "https://<redacted:url-userinfo>@git.example.org/org/repo.git": net/url: invalid userinfo`,
	},
	{
		"git-userinfo-dollar",
		`unable to clone 'https://<redacted:url-userinfo>@git.example.org/x.git': authorization failed`,
	},
	{
		"git-userinfo-ipv6",
		`Get "https://<redacted:url-userinfo>@[2001:db8::1]:5000/v2/": dial tcp [2001:db8::1]:5000: connect: no route to host`,
	},
	{
		"git-remote-verbose",
		`fatal: could not read Password for 'https://<redacted:atlassian-token>@bitbucket.org': terminal prompts disabled`,
	},
	{
		"git-ssh-userinfo",
		`ssh://<redacted:url-userinfo>@git.corp.example:22/fleet.git: ssh: handshake failed: ssh: unable to authenticate`,
	},
	{"git-double-encoded", `proxyconnect tcp: Get "<redacted:encoded>": EOF`},
	{
		"proxy-env",
		`Get "https://charts.example.com/index.yaml": proxyconnect tcp: HTTPS_PROXY=http://<redacted:url-userinfo>@proxy.corp:3128 refused`,
	},
	{
		"helm-repo-userinfo-at",
		`failed to fetch Helm repository index: failed to cache index to temporary file: Get "https://<redacted:url-userinfo>@charts.example.com/inde` +
			`x.yaml": 401`,
	},
	{
		"helm-pull-flags",
		`helm pull oci://ghcr.io/acme/app --username robot --password <redacted:password>: exit status 1`,
	},
	{
		"helm-registry-login",
		`exec: helm registry login ghcr.io -u robot -p <redacted:password>: Error: login attempt to https://ghcr.io/v2/ failed with status: 403`,
	},
	{
		"helm-set",
		`helm upgrade app ./chart --set auth.rootPassword=<redacted:password>,auth.username=app --set-string smtp.pass=<redacted:password>: exit stat` +
			`us 1`,
	},
	{
		"helm-values-yaml",
		"Helm install failed: error validating data: values:\n  postgresql:\n    auth:\n      postgresPassword: <redacted:password>\n      replicationPas" +
			"sword: <redacted:password>\n      username: app",
	},
	{
		"helm-values-go",
		`Helm upgrade failed: values don't meet the specifications of the schema(s): map[auth:map[password:<redacted:password> user:app] smtp:map[pas` +
			`s:<redacted:password> host:mail]]`,
	},
	{
		"helm-template-toyaml",
		`execution error at (app/templates/secret.yaml:4:3): bad auth {"password":"<redacted:password>","user":"app"}`,
	},
	{
		"helm-template-fail",
		`execution error at (app/templates/deployment.yaml:12:8): adminPassword "<redacted:password>" is too short, use at least 12 characters`,
	},
	{"helm-b64dec", `error calling b64dec: illegal base64 data at input byte 4: password=<redacted:password>`},
	{
		"helm-env-list",
		`cannot patch "app" with kind Deployment: env: [{name: DB_USER, value: app}, {name: DB_PASSWORD, value: <redacted:password>}]`,
	},
	{
		"helm-env-json",
		`Deployment.apps "app" is invalid: spec.template.spec.containers[0].env: Invalid value: []core.EnvVar{core.EnvVar{Name:"SMTP_PASS", Value:"<r` +
			`edacted:password>", ValueFrom:(*core.EnvVarSource)(nil)}}: field is immutable`,
	},
	{
		"env-dump",
		`hook failed: env: PATH=/usr/bin HOME=/root GITHUB_TOKEN=<redacted:token> REDIS_PASSWORD=<redacted:password> LANG=C`,
	},
	{"env-export", `sh: 1: export SLACK_SIGNING_SECRET="<redacted:secret>": not found`},
	{
		"env-docker",
		`failed to start: docker run -e MYSQL_ROOT_PASSWORD=<redacted:password> -e TZ=UTC mysql:8: exit status 125`,
	},
	{"env-json-map", `postRender: {"env":{"VAULT_TOKEN":"<redacted:token>","LOG_LEVEL":"debug"}} failed`},
	{
		"kubeconfig-token",
		`invalid kubeconfig: apiVersion: v1 kind: Config users: - name: ci user: token: <redacted:token>`,
	},
	{
		"kubeconfig-client-key",
		"error loading config: users:\n- name: admin\n  user:\n    client-certificate-data: <redacted:base64>\n    client-key-data: <redacted:secret>",
	},
	{
		"kubeconfig-json",
		`couldn't load kubeconfig: {"users":[{"name":"ci","user":{"password":"<redacted:password>","username":"ci"}}]}`,
	},
	{
		"kubeconfig-exec-env",
		`exec plugin: {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"<redacted:token>"}}`,
	},
	{
		"azure-sas-blob",
		`GET https://acme.blob.core.windows.net/charts/index.yaml?sv=2022-11-02&ss=b&srt=co&sp=rl&se=2026-12-31T00:00:00Z&spr=https&sig=<redacted:sig` +
			`nature>: 403`,
	},
	{
		"azure-sas-semicolon",
		`BlobEndpoint=https://acme.blob.core.windows.net/;SharedAccessSignature=<redacted:signature>&ss=b&sig=<redacted:signature>: bad`,
	},
	{
		"azure-sas-json-escaped",
		`{"error":"failed to get 'https://acme.blob.core.windows.net/c?sv=2022\u0026sr=c\u0026sig=<redacted:signature>\u0026se=2026': 403"}`,
	},
	{
		"azure-account-key",
		`DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=<redacted:secret>;EndpointSuffix=core.windows.net`,
	},
	{
		"azure-servicebus",
		`amqp: Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=<redacted:secret>: unauthorized`,
	},
	{
		"azure-client-secret",
		`ClientSecretCredential authentication failed: POST https://login.microsoftonline.com/t/oauth2/v2.0/token <redacted:token>&grant_type=client_` +
			`credentials`,
	},
	{"azure-devops-pat", `TF401444: https://<redacted:url-userinfo>@dev.azure.com/acme/_git/fleet: sign in`},
	{
		"aws-keys-ini",
		`failed to load shared config: [default] aws_access_key_id = <redacted:secret> aws_secret_access_key = <redacted:secret>: bad`,
	},
	{
		"aws-session-token",
		`operation error S3: GetObject, X-Amz-Security-Token: <redacted:token>: ExpiredToken`,
	},
	{
		"aws-presigned",
		`GET https://acme.s3.eu-west-1.amazonaws.com/app.tgz?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=<redacted:signature>&X-Amz-Date=202611` +
			`20T100000Z&X-Amz-Security-Token=<redacted:token>&X-Amz-Signature=<redacted:signature>: 403`,
	},
	{
		"aws-env-go",
		`credential process failed: map[AccessKeyId:<redacted:secret> SecretAccessKey:<redacted:secret> SessionToken:<redacted:token> Version:1]`,
	},
	{
		"aws-xml",
		`SignatureDoesNotMatch: <Error><AWSAccessKeyId><redacted:secret></AWSAccessKeyId><SignatureProvided><redacted:signature></SignatureProvided><` +
			`/Error>`,
	},
	{
		"ecr-login",
		`docker login -u AWS -p <redacted:password> 123456789012.dkr.ecr.eu-west-1.amazonaws.com: exit status 1`,
	},
	{
		"minio",
		`failed to construct S3 client: accesskey=<redacted:secret> secretkey=<redacted:secret>: Access Denied`,
	},
	{
		"gcp-json",
		`google: could not parse key: {"type": "service_account", "project_id": "acme", "private_key_id": "<redacted:secret>", "private_key": "<redac` +
			`ted:secret>"}`,
	},
	{"gcp-access-token", `oauth2: Authorization: <redacted:authorization>`},
	{
		"gcp-signed-url",
		`Get "https://storage.googleapis.com/acme/app.tgz?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=<redacted:secret>&X-Goog-Signature=<red` +
			`acted:signature>": 403`,
	},
	{
		"gcp-refresh-token",
		`{"client_id":"764086051850.apps.googleusercontent.com","client_secret":"<redacted:secret>","refresh_token":"<redacted:token>","type":"author` +
			`ized_user"}`,
	},
	{
		"docker-config",
		`parsing .dockerconfigjson: {"auths":{"ghcr.io":{"username":"robot","password":"<redacted:password>","auth":"<redacted:authorization>"}}}: in` +
			`valid`,
	},
	{
		"docker-config-escaped",
		`{"error":"unable to parse docker config: {\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"<redacted:authorization>\",\"email\":\"a@b.` +
			`c\"}}}"}`,
	},
	{"docker-identitytoken", `{"auths":{"acme.azurecr.io":{"identitytoken":"<redacted:token>"}}}`},
	{
		"docker-data",
		`Secret "regcred" is invalid: data[.dockerconfigjson]: Invalid value: "<redacted:secret-data>": unexpected end of JSON input`,
	},
	{"github-app-pem", "failed to parse GitHub App private key: <redacted:pem>\n: asn1: structure error"},
	{"pem-spaces", `ssh: no key found: <redacted:pem>`},
	{"pem-quoted-go", `invalid identity: "<redacted:pem>"`},
	{"pem-crlf", `bad key <redacted:pem>\r\n`},
	{"pem-json-crlf", `{"identity":"<redacted:pem>"}`},
	{"pem-tail-only", `failed to decode: <redacted:base64>\n-----END RSA PRIVATE KEY-----`},
	{
		"putty-key",
		`unsupported key: PuTTY-User-Key-File-2: ssh-rsa Encryption: none Private-Lines: 14 <redacted:base64>`,
	},
	{
		"slack-in-error",
		`postMessage failed: failed to execute request: Post "https://hooks.slack.<redacted:base64>": context deadline exceeded`,
	},
	{"teams-webhook", `Post "https://acme.webhook.office.com/<redacted:webhook>": 429`},
	{
		"teams-powerplatform",
		`Post "https://default1f2e3d4c5b6a.49.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/<redacted:webhook>?api` +
			`-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=<redacted:signature>": 502`,
	},
	{"discord-canary", `Post "https://canary.discord.<redacted:base64>?wait=true": 401`},
	{"discord-v10", `Post "https://discord.<redacted:base64>": 404`},
	{"age-key", `failed to decrypt: age: error parsing identity: malformed secret key: "<redacted:secret>"`},
	{"age-plugin", `identity: <redacted:age-key>: no such device`},
	{"age-key-lower", `sops: age: <redacted:age-key> is no identity`},
	{"gpg-armor", `openpgp: invalid data: <redacted:pem>`},
	{
		"gpg-passphrase",
		`gpg: decryption failed: --batch --passphrase <redacted:password> --pinentry-mode loopback: Bad passphrase`,
	},
	{
		"pg-dsn-options",
		`failed SASL auth (FATAL: password authentication failed): postgresql://<redacted:url-userinfo>@pg-0,pg-1:5432/shop?target_session_attrs=read` +
			`-write`,
	},
	{"pg-psql-env", `PGPASSWORD=<redacted:password> psql -h pg.db -U app: exit status 2`},
	{
		"mysql-dsn-params",
		`dial: <redacted:url-userinfo>@tcp(10.0.0.3:3306)/shop?charset=utf8mb4: connection refused`,
	},
	{"mysql-cli", `mysqldump --user=root --password=<redacted:password> shop: exit status 2`},
	{"mariadb-short", `mariadb -uroot -p<redacted:password> shop: exit status 1`},
	{
		"mssql-ado",
		`Login failed: Data Source=sql.db;Initial Catalog=shop;User Id=sa;Password=<redacted:password>;Connect Timeout=30`,
	},
	{"oracle-jdbc", `<redacted:url-userinfo>@ora.db:1521/XEPDB1: ORA-01017`},
	{
		"mongo-opts",
		`mongodb://<redacted:url-userinfo>@m0.db,m1.db,m2.db/shop?authSource=admin&replicaSet=rs0: auth error: sasl conversation error`,
	},
	{"redis-default", `redis://<redacted:url-userinfo>@redis.db:6379/0: NOAUTH Authentication required`},
	{"redis-sentinel", `redis-cli -h r.db -p 6379 --pass <redacted:password> PING: exit status 1`},
	{
		"amqp",
		`amqp://<redacted:url-userinfo>@mq:5672/%2Fprod: Exception (403) Reason: "username or password not allowed"`,
	},
	{"nats", `nats://<redacted:url-userinfo>@nats:4222: nats: Authorization Violation`},
	{"nats-token", `nats://<redacted:url-userinfo>@nats:4222: nats: Authorization Violation`},
	{
		"kafka-jaas",
		`sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="app" password="<redacted:password>";: bad`,
	},
	{"clickhouse", `clickhouse://<redacted:url-userinfo>@ch:9000/default?dial_timeout=10s: read: EOF`},
	{"clickhouse-query", `http://ch:8123/?user=default&password=<redacted:password>&query=SELECT%201: 516`},
	{
		"cassandra",
		`PlainTextAuthProvider(username='cassandra', password='<redacted:password>'): AuthenticationFailed`,
	},
	{"elastic", `https://<redacted:url-userinfo>@es:9200/_cluster/health: 401 Unauthorized`},
	{"influx", `influxdb: Authorization: <redacted:authorization>`},
	{"ldap-bind", `ldapsearch -D cn=admin,dc=acme -w <redacted:password> -b dc=acme: Invalid credentials (49)`},
	{"ldap-yaml", "bindDN: cn=admin,dc=acme\nbindPassword: <redacted:password>"},
	{
		"snowflake",
		`<redacted:url-userinfo>@acme-eu1/shop/public?warehouse=wh: 390100: Incorrect username or password`,
	},
	{"cookie-header", `Get "https://jenkins.example/job/x": request header Cookie: <redacted:cookie>`},
	{"set-cookie-map", `unexpected response: map[Content-Type:[text/html] Set-Cookie:[<redacted:cookie>]]`},
	{"cookie-oauth2-proxy", `_oauth2_proxy=<redacted:base64>|1700000000|x; expired`},
	{"basic-header", `401 for Authorization: <redacted:authorization>`},
	{"basic-curl", `curl --user <redacted:password> https://harbor.example/v2/: exit status 22`},
	{"basic-harbor", `GET https://harbor.example/v2/: credentials <redacted:password> refused`},
	{"basic-header-lower", `request headers: {'authorization': '<redacted:authorization>', 'accept': '*/*'}`},
	{
		"secret-dry-run",
		`Secret/apps/db dry-run failed (Invalid): Secret "db" is invalid: stringData.password: Invalid value: "<redacted:secret-data>": must be at le` +
			`ast 12 characters`,
	},
	{
		"secret-ssa",
		`Secret/apps/db dry-run failed: failed to create typed patch object (apps/db; /v1, Kind=Secret): .stringData.pin: expected string, got &value` +
			`.valueUnstructured{Value:<redacted:secret-data>}`,
	},
	{
		"secret-decode",
		`Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 3, error found in #10 byte of ...|<redacted:secret-d` +
			`ata>|..., bigger context ...|<redacted:secret-data>|...`,
	},
	{
		"secret-diff",
		`drift detected: Secret/apps/db changed: - password: <redacted:password> + password: <redacted:password>`,
	},
	{
		"secret-diff-json",
		`Secret/apps/db drifted: {"op":"replace","path":"/data/password","value":"<redacted:password>"}`,
	},
	{"secret-configured", `patch for Secret/apps/db: {"data":"<redacted:secret-data>"}`},
	{
		"configmap-password",
		`ConfigMap/apps/cfg dry-run failed: .data.DB_PASSWORD: expected string, got &value.valueUnstructured{Value:<redacted:secret-data>}`,
	},
	{"sops-plain", `Input string <redacted:sops-value> does not match sops' data format`},
	{
		"sops-vault",
		`failed to decrypt: vault: Error making API request. URL: PUT https://vault/v1/transit/decrypt/k X-Vault-Token: <redacted:token> Code: 403`,
	},
	{"vault-approle", `vault login: role_id=9f1d2c3b secret_id=<redacted:secret>: invalid role or secret ID`},
	{
		"image-scan-token",
		`GET https://ghcr.io/token?service=ghcr.io&scope=repository: {"token":"<redacted:token>"}`,
	},
	{"jwt-url", `Get "https://acme.jfrog.io/artifactory/x?access_token=<redacted:token>": 401`},
	{"jwt-broken-line", `token <redacted:token> (truncated) has expired`},
	{"jwt-jwe", `oidc: malformed jwe <redacted:base64>`},
	{
		"generic-provider",
		`Post "https://events.example/hook?token=<redacted:token>&x=1": x509: certificate signed by unknown authority`,
	},
	{"generic-hmac", `X-Signature: <redacted:signature> was refused`},
	{"matrix", `PUT https://matrix.example/_matrix/client/r0/rooms/x/send?access_token=<redacted:token>: 401`},
	{"datadog", `POST https://api.datadoghq.com/api/v1/events?api_key=<redacted:api-key>: 403`},
	{"datadog-header", `DD-API-KEY: <redacted:api-key>: forbidden`},
	{"sentry-dsn", `sentry: https://<redacted:url-userinfo>@o123.ingest.sentry.io/456: 429`},
	{"grafana", `Authorization: <redacted:authorization>`},
	{"opsgenie-key", `POST https://api.opsgenie.com/v2/alerts: Authorization: <redacted:authorization>`},
	{"pagerduty", `{"event_action":"trigger","routing_key":"<redacted:secret>","payload":{}}: 400`},
	{"telegram-bot", `Post "https://api.telegram.org/bot<redacted:webhook>": 401`},
	{"gitea", `git: https://git.example/api/v1/repos?token=<redacted:token>: 401`},
	{"npm", `//npm.example/:_authToken=<redacted:token> is expired`},
	{"terraform", `tofu-controller: error: var.db_password = "<redacted:password>" is not valid`},
	{"terraform-cloud", `token "<redacted:token>" unauthorized`},
	{
		"xml-settings",
		`settings.xml: <server><id>nexus</id><username>ci</username><password><redacted:password></password></server>`,
	},
	{"properties", `spring.datasource.password=<redacted:password> could not be bound`},
	{"toml", `password = "<redacted:password>" # the admin's`},
	{"ini", `[smtp]\nuser = app\npassword = <redacted:password>\nfrom = x`},
	{"hcl", `secret_key = "<redacted:secret>" is not expected here`},
	{"ruby", `:password=>"<redacted:password>", :host=>"db"`},
	{"sentence-with", `could not log in as admin with password <redacted:password>: invalid`},
	{"sentence-using", `authentication using token <redacted:token> failed`},
	{"sentence-paren", `login failed (user=admin, password=<redacted:password>)`},
	{"sentence-credentials", `credentials <redacted:secret> were rejected by registry.example`},
	{"sentence-secret", `the shared secret '<redacted:secret>' does not match`},
	{"sentence-expected", `expected webhook token <redacted:token>`},
	{"env-flattened", `failed: env: - name: DB_PASSWORD   value: <redacted:password>   - name: X   value: 1`},
}
