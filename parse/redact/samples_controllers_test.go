package redact_test

// exactControllers are the rows of the samples of fixtures/secrets/controllers.txtar.
var exactControllers = []exact{
	{
		"sops-age-ident",
		`failed to decrypt and decode data for Secret/apps/db: Error getting data key: 0 successful groups required, got 0; age: failed to parse iden` +
			`tity "<redacted:age-key>" from env SOPS_AGE_KEY: malformed secret key`,
	},
	{
		"sops-vault-addr",
		`Error getting data key: Vault: Error making API request. URL: PUT https://vault.corp.example:8200/v1/sops/decrypt/firstkey Code: 403. X-Vaul` +
			`t-Token: <redacted:token>`,
	},
	{
		"sops-pgp-pass",
		`sops: could not decrypt PGP key: gpg: decryption failed: No secret key; SOPS_GPG_PASSPHRASE=<redacted:password>`,
	},
	{
		"kustomize-secretgen",
		`kustomize build failed: accumulating resources: NewSecretFromArgs: env source 'DB_URI=postgres://<redacted:url-userinfo>@pg-rw.db.svc:5432/a` +
			`pp' : missing '='`,
	},
	{
		"kustomize-literal",
		`kustomize build failed: loading KV pairs: literal source "SMTP_PASS=<redacted:password>" invalid`,
	},
	{
		"ssa-webhook-kyverno",
		`Deployment/shop/api dry-run failed (Forbidden): admission webhook "validate.kyverno.svc-fail" denied the request: resource Deployment/shop/a` +
			`pi was blocked: validation error: env value <redacted:secret> for STRIPE_KEY must come from a Secret`,
	},
	{
		"ssa-immutable-quote",
		"Secret/shop/db is invalid: data: Forbidden: field is immutable when `immutable` is set: \"DATABASE_PASSWORD\":\"<redacted:password>\"",
	},
	{
		"deploy-env-invalid",
		`Deployment/shop/api dry-run failed, reason: Invalid, error: Deployment.apps "api" is invalid: spec.template.spec.containers[0].env[3].valueF` +
			"rom: Invalid value: \"\": may not be specified when `value` is not empty: {Name:REDIS_PASSWORD Value:<redacted:password> ValueFrom:&EnvVarSour" +
			`ce{}}`,
	},
	{
		"cue-diff",
		"drift detected: ConfigMap/infra/grafana-ini diff:\n  security:\n-   admin_password = <redacted:password>\n+   admin_password = <redacted:passwo" +
			`rd>`,
	},
	{
		"drift-secret-json",
		`Drifted objects: [{"op":"replace","path":"/stringData/api-token","value":"<redacted:token>"}]`,
	},
	{
		"jsonpatch-env",
		`failed to apply patch: [{"op":"add","path":"/spec/template/spec/containers/0/env/-","value":{"name":"SENTRY_DSN","value":"<redacted:secret>"` +
			`}}]: unexpected kind`,
	},
	{
		"helm-values-v",
		`Helm upgrade failed: error validating values: map[global:map[imageRegistry:ghcr.io] auth:map[database:app password:<redacted:password> usern` +
			`ame:app] replicaCount:2]`,
	},
	{
		"helm-yaml-flow",
		`error converting YAML to JSON: yaml: line 14: did not find expected ',' or '}': auth: {rootUser: admin, rootPassword: <redacted:password> ex` +
			`istingSecret: ""}`,
	},
	{
		"helm-tpl-toyaml",
		`execution error at (keycloak/templates/statefulset.yaml:44:6): KC_DB_PASSWORD must not be "<redacted:password>"`,
	},
	{
		"helm-notes",
		"NOTES:\n1. Get your 'admin' user password: <redacted:password>\n2. Visit https://grafana.corp.example",
	},
	{
		"helm-hook-log",
		`post-install hooks failed: job migrate failed: BackoffLimitExceeded: log: FATAL: could not connect: "host=pg user=app password=<redacted:pas` +
			`sword> dbname=app sslmode=disable"`,
	},
	{
		"helm-set-cli",
		`command "helm upgrade --install redis bitnami/redis --set auth.password=<redacted:password> --set replica.replicaCount=0" exited with 1`,
	},
	{
		"helm-set-string-q",
		`helm upgrade app ./chart --set-string 'secrets.jwtKey=<redacted:secret>' --wait: timed out waiting for the condition`,
	},
	{
		"helm-dockerconfigjson",
		`template: app/templates/pull.yaml:8:3: executing "app/templates/pull.yaml" at <.Values.dockerconfigjson>: error: {"auths":{"ghcr.io":{"usern` +
			`ame":"acme-bot","password":"<redacted:password>","auth":"<redacted:authorization>"}}}`,
	},
	{
		"git-userinfo-at",
		`unable to clone 'https://<redacted:url-userinfo>@git.corp.example/ops/fleet': repository not found`,
	},
	{
		"git-gitea",
		`failed to checkout: Get "https://<redacted:url-userinfo>@gitea.corp.example/ops/fleet.git/info/refs?service=git-upload-pack": 401`,
	},
	{
		"git-http-extraheader",
		`git -c http.extraheader="AUTHORIZATION: <redacted:authorization>" fetch origin: exit status 128`,
	},
	{"git-bearer-cfg", `http.https://dev.azure.com/acme/.extraheader=Authorization: <redacted:authorization>`},
	{
		"git-credential",
		"error: git credential approve: protocol=https\nhost=github.com\nusername=acme-bot\npassword=<redacted:password>",
	},
	{
		"git-netrc",
		`parse .netrc: machine gitlab.corp.example login flux password <redacted:password>: bad default token`,
	},
	{
		"oci-token-query",
		`failed to authorize: failed to fetch oauth token: Post "https://auth.docker.io/token": grant_type=password&service=registry.docker.io&userna` +
			`me=acme&password=<redacted:password>: 401`,
	},
	{
		"oci-bearer",
		`GET https://ghcr.io/v2/acme/charts/manifests/1.2.3: Authorization: <redacted:authorization>`,
	},
	{
		"ecr-password",
		`docker login --username AWS --password <redacted:password> 123456789012.dkr.ecr.eu-west-1.amazonaws.com: Error response`,
	},
	{
		"gcr-jsonkey",
		`could not parse _json_key: {"type":"service_account","project_id":"acme","private_key_id":"<redacted:secret>","private_key":"<redacted:secre` +
			`t>","client_email":"flux@acme.iam.gserviceaccount.com"}`,
	},
	{
		"acr-sas",
		`bucket reconcile: Put "https://acmestore.blob.core.windows.net/flux/a.tar.gz?sv=2023-11-03&ss=b&srt=sco&sp=rl&se=2026-12-01T00:00:00Z&sig=<r` +
			`edacted:signature>": 403 Server failed to authenticate the request`,
	},
	{
		"az-connstr",
		`failed to create Azure client: invalid connection string DefaultEndpointsProtocol=https;AccountName=acmestore;AccountKey=<redacted:secret>;E` +
			`ndpointSuffix=core.windows.net`,
	},
	{
		"gcs-signed",
		`Get "https://storage.googleapis.com/acme-flux/idx.yaml?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=<redacted:secret>&X-Goog-Signatur` +
			`e=<redacted:signature>": EOF`,
	},
	{
		"s3-env",
		`bucket error: env AWS_ACCESS_KEY_ID=<redacted:secret> AWS_SECRET_ACCESS_KEY=<redacted:secret> AWS_REGION=eu-central-1`,
	},
	{
		"minio-struct",
		`minio: invalid credentials: <redacted:secret>:"flux", SecretAccessKey:"<redacted:secret>", SessionToken:"", SignerType:2}`,
	},
	{"cosign-key", `failed to verify: cosign: COSIGN_PASSWORD "<redacted:password>" does not decrypt key`},
	{"notation-pem", `notation: failed to load key: <redacted:pem>`},
	{
		"slack-hook",
		`failed to send notification: Post "https://hooks.slack.<redacted:base64>": dial tcp: lookup hooks.slack.com: no such host`,
	},
	{"slack-bot", `slack api: auth.test failed with token <redacted:token>: invalid_auth`},
	{
		"teams-workflow",
		`postMessage failed: request failed with status code 400: https://prod-17.westeurope.logic.azure.com:443/workflows/<redacted:webhook>?api-ver` +
			`sion=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=<redacted:signature>`,
	},
	{"discord", `Post "https://discord.<redacted:base64>": context deadline exceeded`},
	{
		"gchat",
		`Post "https://chat.googleapis.com/v1/spaces/AAAAe9b2Ran/messages?key=<redacted:secret>&token=<redacted:token>": 400 Bad Request`,
	},
	{
		"telegram",
		`failed to send: Post "https://api.telegram.org/bot<redacted:webhook>": Bad Request: chat not found`,
	},
	{
		"pagerduty",
		`PagerDuty: invalid routing key: {"routing_key":"<redacted:secret>","event_action":"trigger"}`,
	},
	{"opsgenie", `opsgenie: Authorization: <redacted:authorization>`},
	{
		"matrix",
		`PUT https://matrix.corp.example/_matrix/client/r0/rooms/!abc:corp.example/send/m.room.message/1?access_token=<redacted:token> : M_UNKNOWN_TO` +
			`KEN`,
	},
	{"rocket", `Post "https://chat.corp.<redacted:base64>": 404`},
	{"webex", `webex: Authorization Bearer <redacted:authorization> rejected`},
	{"lark", `Post "https://open.larksuite.com/open-apis/bot/v2/hook/<redacted:webhook>": timeout`},
	{"datadog", `datadog: DD-API-KEY: <redacted:api-key> DD-APPLICATION-KEY: <redacted:secret>: Forbidden`},
	{
		"sentry-old",
		`failed to create Sentry client: [Sentry] DsnParseError: invalid dsn https://<redacted:url-userinfo>@sentry.corp.example/abc`,
	},
	{
		"eventhub",
		`azureeventhub: failed to parse connection string Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=flux;SharedAccessKey=<redact` +
			`ed:secret>;EntityPath=alerts`,
	},
	{
		"gh-status",
		`could not list commit statuses: GET https://api.github.com/repos/acme/fleet/commits/61fccd268a29a0d347301ef56e64dc3cd6089065/statuses: 401 B` +
			`ad credentials (token <redacted:token>)`,
	},
	{
		"gitlab-status",
		`failed to create status: PRIVATE-TOKEN: <redacted:token>: 401 {message: 401 Unauthorized}`,
	},
	{"bitbucket", `bitbucket: app password "<redacted:password>" rejected`},
	{
		"image-reflector-auth",
		`scan failed: GET https://index.docker.io/v2/: authn config {Username:acme Password:<redacted:password> Auth: IdentityToken: RegistryToken:}`,
	},
	{"image-auto-push", `failed to push to remote: remote: Invalid username or token <redacted:token>`},
	{
		"tofu-output",
		`error running Apply: exit status 1: Outputs: db_password = "<redacted:password>" kubeconfig = <sensitive>`,
	},
	{
		"tofu-provider",
		`Error: error configuring Terraform AWS Provider: provider "aws" { access_key = "<redacted:secret>" secret_key = "<redacted:secret>" }`,
	},
	{"tofu-var", `terraform plan -var cloudflare_api_token=<redacted:token> -var 'region=fra1': exit status 1`},
	{
		"eso-vault",
		`could not get secret data from provider: cannot read secret data from Vault: Error making API request: token=<redacted:token> permission den` +
			`ied`,
	},
	{
		"eso-vault-approle",
		`unable to log in with app role auth: <redacted:authorization> secret_id=<redacted:secret>: invalid role or secret ID`,
	},
	{"eso-onepassword", `connect: OP_CONNECT_TOKEN <redacted:token> expired`},
	{"eso-doppler", `doppler: invalid service token: <redacted:token>`},
	{
		"cm-eab",
		`Failed to register ACME account: externalAccountBinding: keyID: kid-1B0E8kp2381G1blyxhtxIO hmac: <redacted:signature> malformed`,
	},
	{
		"cm-cloudflare",
		`Error presenting challenge: Cloudflare API error for POST: X-Auth-Email: ops@acme.example X-Auth-Key: <redacted:secret> Unknown X-Auth-Key o` +
			`r X-Auth-Email`,
	},
	{
		"cm-digitalocean",
		`presenting dns01: GET https://api.digitalocean.com/v2/domains: 401 Unable to authenticate you, token <redacted:token>`,
	},
	{
		"cm-ovh",
		`ovh: application_key=<redacted:secret> application_secret=<redacted:secret> consumer_key=<redacted:secret>: This credential is not valid`,
	},
	{"cm-hetzner", `hetzner dns: Auth-API-Token: <redacted:token> status 401`},
	{
		"jdbc-oracle",
		`flyway: Unable to obtain connection from database (jdbc:oracle:thin:app/<redacted:password>@//ora.corp.example:1521/XE)`,
	},
	{
		"jdbc-sqlserver",
		`jdbc:sqlserver://mssql.db:1433;databaseName=shop;user=sa;password=<redacted:password>;encrypt=false`,
	},
	{
		"odbc",
		`pyodbc.OperationalError: ('08001', "DRIVER={ODBC Driver 18 for SQL Server};SERVER=mssql;UID=app;PWD={<redacted:password>}7;")`,
	},
	{
		"ado",
		`System.Data.SqlClient: Server=tcp:acme.database.windows.net,1433;Initial Catalog=shop;User ID=app;Password=<redacted:password>;`,
	},
	{
		"mongo-srv",
		`error parsing uri: mongodb+srv://<redacted:url-userinfo>@cluster0.ab1cd.mongodb.net/?retryWrites=true: lookup _mongodb._tcp`,
	},
	{"redis-nouser", `dial redis://<redacted:url-userinfo>@redis-master.cache.svc:6379/0: i/o timeout`},
	{"amqp", `amqp://<redacted:url-userinfo>@rabbitmq.mq:5672/%2Fprod: connection refused`},
	{
		"kafka-jaas",
		`sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="flux" password="<redacted:password>";`,
	},
	{"mysql-dsn", `invalid DSN: <redacted:secret>: default addr for network unknown`},
	{"snowflake", `snowflake: 390100: Incorrect username or password: <redacted:password>`},
	{
		"clickhouse",
		`clickhouse: code: 516: clickhouse://<redacted:url-userinfo>@ch:9000/default: Authentication failed`,
	},
	{"es-basic", `elasticsearch: Authorization: <redacted:authorization>`},
	{"cookie", `GET https://argo.corp.example/api/v1/session: Cookie: <redacted:cookie>`},
	{"setcookie", `unexpected response: Set-Cookie: <redacted:cookie>`},
	{"curl-u", `job failed: curl -sS -u <redacted:password> https://nexus.corp.example/service/rest: 503`},
	{
		"kubeconfig-json",
		`invalid kubeconfig: {"users":[{"name":"u","user":{"client-key-data":"<redacted:secret>","username":"admin","password":"<redacted:password>"}` +
			`}]}`,
	},
	{"env-printv", `container env: [{DB_HOST pg nil} {DB_PASS <redacted:password> nil} {LOG_LEVEL info nil}]`},
	{
		"env-gosyntax",
		`[]v1.EnvVar{v1.EnvVar{Name:"MAIL_PASSWORD", Value:"<redacted:password>", ValueFrom:(*v1.EnvVarSource)(nil)}}`,
	},
	{
		"env-yaml-flow",
		`json: cannot unmarshal: env: [{name: JWT_SECRET, value: <redacted:secret>}, {name: A, value: b}]`,
	},
	{"unicode-esc", `{"error":"dsn host=pg password\u003d<redacted:password> sslmode\u003ddisable"}`},
	{"amp-esc", `Get "https://api.corp.example/v1?user=a\u0026api_key=<redacted:api-key>\u0026x=1": 500`},
	{"html-esc", `<password><redacted:password></password> in settings.xml: decryption failed`},
	{
		"double-json",
		`{\"error\":\"{\\\"client_secret\\\":\\\"<redacted:secret>\\\",\\\"grant_type\\\":\\\"client_credentials\\\"}\"}`,
	},
	{"b64-conf", `cannot decode: config.json: <redacted:base64>}}}`},
	{"pct-conn", `<redacted:encoded> unsupported protocol scheme`},
	{
		"az-ad",
		`azidentity: ClientSecretCredential authentication failed: AADSTS7000215: Invalid client secret provided: <redacted:secret> Ensure the secret` +
			` being sent`,
	},
	{
		"ldap",
		`ldap bind failed: cn=svc-flux,ou=svc,dc=corp bindpw <redacted:password>: Invalid Credentials (49)`,
	},
	{"smtp", `535 5.7.8 authentication failed: AUTH PLAIN <redacted:authorization>`},
	{"npm", `npm ERR! //npm.corp.example/:_authToken=<redacted:token>`},
	{
		"tpl-expected-got",
		`Helm install failed: execution error at (app/templates/_helpers.tpl:12:4): expected existing password to match, found "<redacted:secret>" in` +
			` release secret`,
	},
	{
		"schema-jsonschema-v6",
		`at '/auth/rootPassword': '<redacted:password>' does not match pattern '^.{12,}$'`,
	},
	{"schema-minlen", `at '/redis/password': minLength: got 6, want 12: "<redacted:secret>"`},
	{
		"helm-diff-plus",
		"flux diff: HelmRelease/apps/web drifted\n+    password: <redacted:password>\n-    password: <redacted:password>",
	},
	{
		"flux-diff-strdata",
		"► Secret/apps/db drifted\n\nstringData.url\n  ± value change\n    - postgresql://<redacted:url-userinfo>@pg/app\n    + postgresql://<redacted:" +
			`url-userinfo>@pg/app`,
	},
	{
		"ks-postbuild",
		`post build failed for 'apps': envsubst error: variable substitution failed: DB_ROOT_PW=<redacted:password>: bad substitution`,
	},
	{
		"kubectl-last-applied",
		`annotations:{"kubectl.kubernetes.io/last-applied-configuration":"{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"stringData\":\"<redacted:secre` +
			`t-data>\",\"metadata\":{\"name\":\"x\"}}\n"}`,
	},
	{"cm-configini", `ConfigMap "app" is invalid: data[app.ini]: Invalid value: "<redacted:secret-data>": bad`},
	{"env-args", `container "migrate" terminated: args: ["--dsn", "<redacted:secret>"]`},
	{"env-args2", `exec: ["sh","-c","PGPASSWORD=<redacted:password>"]: exit code 2`},
	{
		"pod-logs",
		`hook pod logs: 2026-11-27T20:11:00Z ERROR [main] HikariPool-1 - Exception during pool initialization. password=<redacted:password>, user=app`,
	},
	{
		"spring-yaml",
		`Failed to bind properties under 'spring.datasource.password' to java.lang.String: Value: "<redacted:secret>"`,
	},
	{
		"spring-origin",
		"Property: app.jwt.secret\n    Value: \"<redacted:secret>\"\n    Origin: class path resource",
	},
	{
		"django",
		`django.db.utils.OperationalError: connection to server failed: {'ENGINE': 'postgresql', 'USER': 'app', 'PASSWORD': '<redacted:password>', 'H` +
			`OST': 'pg'}`,
	},
	{"rails", `ActiveSupport::MessageEncryptor::InvalidMessage: secret_key_base: <redacted:secret>`},
	{"laravel", `RuntimeException: Unsupported cipher or incorrect key length. APP_KEY=<redacted:secret>`},
	{"node-pg", `error: { code: '28P01', connectionString: '<redacted:secret>' }`},
	{"go-redis", `redis: &redis.Options{Addr:"redis:6379", Username:"", Password:"<redacted:password>", DB:0}`},
	{"go-cfg", `config: {Addr:vault:8200 Token:<redacted:token> Mount:kv}`},
	{"go-struct-ptr", `&config.Config{Database:config.DB{User:"app", Pass:"<redacted:password>", Host:"pg"}}`},
	{"rust-debug", `Config { user: "app", password: Some("<redacted:password>"), host: "pg" }`},
	{"python-repr", `Settings(db_user='app', db_password=SecretStr('<redacted:password>'), debug=False)`},
	{"ruby-inspect", `#<Config user="app", password="<redacted:password>", host="pg">`},
	{
		"java-tostring",
		`DataSourceProperties(url=jdbc:postgresql://pg/app, username=app, password=<redacted:password>)`,
	},
	{
		"java-map",
		`{spring.datasource.username=app, spring.datasource.password=<redacted:password>, spring.main.banner=off}`,
	},
	{"php-array", `array ( 'host' => 'db', 'password' => '<redacted:password>', )`},
	{"toml", `toml: line 3: [registry.auth] password = '<redacted:password>' expected newline`},
	{"hcl", `storage "postgresql" { connection_url = "postgres://<redacted:url-userinfo>@pg:5432/vault" }`},
	{"ini-colon", `[client]\nuser: root\npassword: <redacted:password>\n`},
	{"cli-equals-q", `fluxctl --password="<redacted:password>" sync: unknown flag`},
	{"cli-short", `redis-cli -h redis -a <redacted:password> ping: NOAUTH`},
	{"cli-mysqldump", `mysqldump -h db -uapp -p<redacted:password> shop: Got error: 1045`},
	{
		"cli-psql-uri",
		`psql: error: connection to "postgresql://<redacted:url-userinfo>@pg/app?sslmode=require" failed`,
	},
	{
		"cli-mongosh",
		`mongosh "mongodb://<redacted:url-userinfo>@mongo-0.mongo,mongo-1.mongo/admin?replicaSet=rs0": MongoServerSelectionError`,
	},
	{
		"cli-ldapsearch",
		`ldapsearch -x -D cn=admin,dc=corp -w <redacted:password> -b dc=corp: Can't contact LDAP server`,
	},
	{"cli-sshpass", `sshpass -p <redacted:password> ssh root@10.0.0.5 uptime: Permission denied`},
	{"cli-oc-login", `oc login --token=<redacted:token> --server=https://api:6443: x509`},
	{
		"cli-flux-bootstrap",
		`flux bootstrap gitea --token-auth --password <redacted:password> --owner acme: exit 1`,
	},
	{
		"cli-create-secret",
		`flux create secret git podinfo --url=https://git.corp/x --username=bot --password=<redacted:password> : invalid`,
	},
	{
		"cli-kubectl-secret",
		`kubectl create secret generic db --from-literal=password=<redacted:password> --from-literal=user=app`,
	},
	{
		"cli-kubectl-docker",
		`kubectl create secret docker-registry r --docker-server=ghcr.io --docker-username=bot --docker-password=<redacted:password>`,
	},
	{"cli-helm-login", `helm registry login ghcr.io -u bot -p <redacted:password> : denied`},
	{"cli-curl-header", `curl -H 'PRIVATE-TOKEN: <redacted:token>' https://gitlab/api/v4: 403`},
	{"cli-curl-bearer", `+ curl -fsSL -H 'Authorization: <redacted:authorization>' https://api.corp/v1`},
	{"cli-wget", `wget --http-user=bot --http-password=<redacted:password> https://x`},
	{"cli-export", "+ export VAULT_TOKEN=<redacted:token>\n+ vault kv get kv/x"},
	{
		"cli-az",
		`az login --service-principal -u 470e53b2-781a-5d10-89d6-531aa85c9488 -p <redacted:password> --tenant 5d1a1d89-dc59-bc09-dd22-eb3dc167c03e: A` +
			`ADSTS7000222`,
	},
	{"cli-aws-cfg", `aws configure set aws_secret_access_key <redacted:secret>: exit status 255`},
	{"heredoc", "cat <<EOF > ~/.pgpass\npg.corp.example:5432:app:app:<redacted:password>\nEOF"},
	{"amp-entities", `connection string "Server=db;Uid=app;Pwd=<redacted:password>;" is malformed`},
	{"uni-json", `{"msg":"body: {\"password\":\"<redacted:password>\"}"}`},
	{"pct-body", `POST body username=bot&password=<redacted:password>&grant_type=password: 400`},
	{"pct-double", `<redacted:encoded>`},
	{"b64-envfile", `data: cannot decode .env: <redacted:base64>`},
	{"b64-kubeconf", `kubeconfig value "<redacted:base64>" is not valid`},
	{"b64-basic-bare", `unexpected credential <redacted:secret>`},
	{"hex-dump", `parse error near <redacted:hex>`},
	{"folded-yaml", "identity: >-\n  <redacted:base64>"},
	{"pem-oneline", `tls: failed to parse private key: "<redacted:secret>"`},
	{"pem-nohead", `tls.key: <redacted:secret>`},
	{
		"ssh-putty",
		`PuTTY-User-Key-File-2: ssh-rsa Private-Lines: 2 <redacted:base64> <redacted:base64> Private-MAC: <redacted:secret>`,
	},
	{
		"wireguard",
		`wg: PrivateKey = <redacted:secret> PresharedKey = <redacted:secret> Endpoint = 1.2.3.4:51820`,
	},
	{
		"age-comment",
		`# created: 2026-01-01T00:00:00Z # public key: age1mkb8ywlvwm2ce8imgdm0hj3ch57is44ewhqhbl6wevgk1rlcemwhn8q5el <redacted:age-key>`,
	},
	{"paseto", `token verification failed: v2.local.<redacted:base64>`},
	{"jwe", `oidc: malformed id_token <redacted:token>`},
	{"k8s-bootstrap", `failed to validate bootstrap token: <redacted:token>`},
	{"grafana-sa", `grafana: PUT /api/annotations: Authorization: <redacted:authorization>`},
	{"grafana-cloud", `remote write: basic auth <redacted:authorization>: 401`},
	{"gitlab-deploy", `Get "https://<redacted:url-userinfo>": 403`},
	{
		"azdo-pat",
		`fatal: could not read Password for 'https://<redacted:url-userinfo>@dev.azure.com/acme/_git/x'`,
	},
	{"codecommit", `https://<redacted:url-userinfo>@git-codecommit.eu-west-1.amazonaws.com/v1/repos/x: 403`},
	{"bb-repo-token", `Authorization: <redacted:authorization>`},
	{"hetzner-cloud", `hcloud: unable to authenticate (token "<redacted:token>")`},
	{"scaleway", `scaleway: SCW_SECRET_KEY=<redacted:secret> denied`},
	{"linode", `linodego: [401] Invalid Token: <redacted:token>`},
	{"vultr", `vultr api key <redacted:api-key> is not allowed from this IP`},
	{"route53", `acme: route53: credentials {<redacted:aws-key> <redacted:base64> }`},
	{"rfc2136", `tsig: key flux.: secret <redacted:secret> algorithm hmac-sha256: bad key`},
	{"acme-account", `cm-acme account key <redacted:pem>`},
	{"eso-gitlab", `ExternalSecret: provider gitlab: accessToken <redacted:token>`},
	{"eso-akeyless", `akeyless: accessId p-abcd1234 accessKey <redacted:secret> authentication failed`},
	{"bw", `bitwarden: BWS_ACCESS_TOKEN=<redacted:token>`},
	{
		"keycloak",
		`keycloak: POST /token client_id=flux&client_secret=<redacted:secret>&grant_type=client_credentials: 401`,
	},
	{"strimzi", `Strimzi: kafka user flux-writer password <redacted:password> does not satisfy policy`},
	{"cnpg", `cnpg: while applying role: ALTER ROLE app WITH PASSWORD '<redacted:password>' : syntax error`},
	{
		"mysql-grant",
		`Error 1064: near 'IDENTIFIED WITH caching_sha2_password BY '<redacted:password>' REQUIRE SSL'`,
	},
	{"mongo-createuser", `db.createUser({user:"app",pwd:"<redacted:password>",roles:["rw"]}): exists`},
	{"rabbit-ctl", `rabbitmqctl add_user app <redacted:secret>: user exists`},
	{
		"cannot-be",
		`execution error at (vaultwarden/templates/deployment.yaml:9:4): ADMIN_TOKEN cannot be "<redacted:token>" in production`,
	},
	{"should-not", `chart warns: postgresqlPassword should not be '<redacted:password>'`},
	{
		"pgpass-heredoc",
		"script: cat > /home/flux/.pgpass <<X\ndb-rw.shop.svc:5432:shop:shop:<redacted:password>\nX",
	},
	{
		"add-user",
		`rabbitmqctl change_password <redacted:password> <redacted:secret> -n rabbit@mq-0: no such user`,
	},
	{"pem-pipes", `GITHUB_APP_KEY rejected: <redacted:pem>`},
	{
		"header-map-v",
		`request failed: headers map[Accept:[*/*] Authorization:[<redacted:authorization>] X-Api-Key:[<redacted:api-key>] User-Agent:[Go-http-client/` +
			`1.1]]`,
	},
	{
		"header-gosyntax",
		`http.Header{"Accept":[]string{"*/*"}, "X-Vault-Token":[]string{"<redacted:vault-token>"}, "Cookie":[]string{"_session=<redacted:session>"}}`,
	},
	{
		"curl-verbose",
		"> GET /v2/ HTTP/1.1\n> Host: registry.corp\n> Authorization: <redacted:authorization>\n< HTTP/1.1 401 Unauthorized",
	},
	{
		"docker-identity",
		`config.json: {"auths":{"acme.azurecr.io":{"identitytoken":"<redacted:token>"}}}: token expired`,
	},
	{
		"docker-registrytoken",
		`authn.AuthConfig{Username:"", Password:"", Auth:"", IdentityToken:"", RegistryToken:"<redacted:token>"}`,
	},
	{"q-private-token", `GET https://gitlab.corp/api/v4/projects/1?private_token=<redacted:token>: 404`},
	{
		"q-cloudfront",
		`Get "https://cdn.corp/x.tgz?Expires=1767225600&Signature=<redacted:signature>&Key-Pair-Id=K2JCJMDEHXQW5F": 403`,
	},
	{"q-apikey-camel", `Get "https://charts.corp/index.yaml?apiKey=<redacted:api-key>": 500`},
	{"q-token-short", `helm repo index: https://dl.corp/helm?t=1&token=<redacted:token> : 401`},
	{
		"sts-xml",
		`<AssumeRoleResult><Credentials><redacted:secret></AccessKeyId><SecretAccessKey><redacted:secret></SecretAccessKey><SessionToken><redacted:to` +
			`ken></SessionToken></Credentials>`,
	},
	{"ldif", `ldapmodify: userPassword:: <redacted:password> : invalid syntax (21)`},
	{"shadow", `unexpected line root:$6$q8sLmW2x$<redacted:base64>:19000:0:99999:7:::`},
	{"htpasswd-apr", `nginx basic auth: auth file line admin:<redacted:password-hash> malformed`},
	{"bcrypt", `argocd: bcrypt hash <redacted:password-hash> does not match`},
	{"ipsec", `ipsec.secrets line 2: 10.0.0.1 10.0.0.2 : PSK "<redacted:password>" syntax error`},
	{"wpa", `wpa_supplicant: network={ ssid="edge" psk="<redacted:password>" }`},
	{"gpg-armor", `sops: gpg import failed: <redacted:pem>`},
	{"otpauth", `otpauth://totp/acme:flux?secret=<redacted:secret>&issuer=acme could not be parsed`},
	{"passin", `openssl pkcs12 -in a.p12 -passin pass:<redacted:password> -nodes: mac verify failure`},
	{
		"storepass",
		`keytool -importkeystore -srcstorepass <redacted:password> -deststorepass <redacted:password>: keystore tampered`,
	},
	{
		"tfstate",
		`state: {"type":"random_password","attributes":{"length":16,"result":"<redacted:secret>","bcrypt_hash":"<redacted:password-hash>"}}`,
	},
	{
		"tf-plan-diff",
		`~ resource "kubernetes_secret" "db" { ~ data = { ~ "password" = "<redacted:password>" } }`,
	},
	{
		"tf-conn",
		`Error: connect: provider "postgresql": host=pg username=app password=<redacted:password> sslmode=require`,
	},
	{"tofu-cloud", `credentials "app.terraform.io" { token = "<redacted:token>" }`},
	{"dingtalk", `Post "https://oapi.dingtalk.com/robot/send?access_token=<redacted:token>": EOF`},
	{"wecom", `Post "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=<redacted:secret>": 93000`},
	{"ifttt", `Post "https://maker.ifttt.com/trigger/flux/with/key/<redacted:webhook>": 401`},
	{"mattermost", `Post "https://mm.corp.example/hooks/<redacted:webhook>": 404`},
	{"office-hook", `Post "https://acme.webhook.office.com/<redacted:webhook>": 410`},
	{"pd-events-v1", `Post "https://events.pagerduty.com/integration/<redacted:webhook>": 400`},
	{"gotify", `Post "https://push.corp/message?token=<redacted:token>": 401`},
	{"pushover", `pushover: token=<redacted:token>&user=<redacted:secret>&message=x: invalid`},
	{"zulip", `Post "https://<redacted:url-userinfo>@acme.zulipchat.com/api/v1/messages": 401`},
	{"splunk", `Authorization: <redacted:authorization>`},
	{"nats-seed", `nats: nkey seed <redacted:base64> invalid checksum`},
	{"nats-creds", `<redacted:pem>-`},
	{
		"alertmanager-v2",
		`Post "http://<redacted:url-userinfo>@alertmanager.monitoring:9093/api/v2/alerts": 401`,
	},
	{"grafana-key", `grafana annotations: Bearer <redacted:authorization>: 401`},
	{"lib-sql", `libsql://shop-acme.turso.io?authToken=<redacted:token>: websocket: bad handshake`},
	{"neo4j", `neo4j+s://<redacted:url-userinfo>@db1.databases.neo4j.io:7687: unauthorized`},
	{"rediss", `rediss://<redacted:url-userinfo>@eu1-cat.upstash.io:6379: EOF`},
	{"smb", `mount error: //nas/share user=CORP\flux,pass=<redacted:password>,vers=3.0`},
	{"smb-url", `smb://<redacted:url-userinfo>@nas/share: denied`},
	{"s3-url", `s3cmd: s3://<redacted:url-userinfo>@bucket/path: invalid`},
	{"smtp-url", `alertmanager: smtp://<redacted:url-userinfo>@smtp.acme.io:587: auth`},
	{
		"jdbc-mysql",
		`jdbc:mysql://db:3306/shop?user=app&password=<redacted:password>&useSSL=false: Communications link failure`,
	},
	{"jdbc-db2", `jdbc:db2://db2:50000/SHOP:user=app;password=<redacted:password>;sslConnection=true;`},
	{
		"jdbc-redshift",
		`jdbc:redshift:iam://c.eu-west-1/dev?AccessKeyID=<redacted:secret>&SecretAccessKey=<redacted:secret>`,
	},
	{"npgsql", `Npgsql: Host=pg;Username=app;Password=<redacted:password>;Database=shop: 28P01`},
	{"npgsql2", `Npgsql.NpgsqlException: "Host=pg;Username=app;Password=<redacted:password>;Database=shop"`},
	{"adonet-q", `Data Source=sql;User Id=sa;Password="<redacted:password>";Encrypt=true`},
	{"libpq-q", `cannot connect with "host=pg user=app password='<redacted:password>' dbname=app"`},
	{
		"cassandra",
		`cassandra: NoHostAvailable; auth PlainTextAuthProvider(username=cassandra, password=<redacted:password>)`,
	},
	{"couch", `couchbase://<redacted:url-userinfo>@cb:8091: 401`},
	{"influx", `influx: --token <redacted:token> unauthorized`},
	{"crdb", `cockroach sql --url 'postgresql://<redacted:url-userinfo>@crdb:26257?sslmode=verify-full': x509`},
	{"mqtt", `mqtt connect: username flux password <redacted:password>: not authorised`},
	{"func-key", `x-functions-key: <redacted:secret> forbidden`},
	{"apim", `Ocp-Apim-Subscription-Key: <redacted:secret> access denied`},
	{"sas-token", `azcopy: SAS token "<redacted:token>" rejected`},
	{"storagekey-env", `AZURE_STORAGE_KEY=<redacted:secret> is not valid base64`},
	{"cosmos", `AccountEndpoint=https://acme.documents.azure.com:443/;AccountKey=<redacted:secret>;`},
	{"svcbus", `SharedAccessSignature sr=sb%3A%2F%2Facme&sig=<redacted:signature>&se=1767225600&skn=flux`},
	{
		"appinsights",
		`InstrumentationKey=<redacted:secret>;IngestionEndpoint=https://westeurope.in.applicationinsights.azure.com/`,
	},
	{
		"gcp-refresh",
		`{"client_id":"764086051850.apps.googleusercontent.com","client_secret":"<redacted:secret>","refresh_token":"<redacted:token>","type":"author` +
			`ized_user"}`,
	},
	{"gcp-access", `gcloud: access token <redacted:token> expired`},
	{
		"gke-exec",
		`exec: plugin gke returned {"status":{"token":"<redacted:token>","expirationTimestamp":"2026-11-27T21:00:00Z"}}`,
	},
	{"eks-token", `getting credentials: exec: "k8s-aws-v1.<redacted:base64>" is forbidden`},
	{"sendgrid", `sendgrid: SG.<redacted:base64>.<redacted:base64> unauthorized`},
	{"twilio", `twilio: 20003 Authenticate: <redacted:secret>:<redacted:secret>`},
	{"openrouter", `llm: 401 No auth credentials found for <redacted:openrouter-key>`},
	{"openai", `Incorrect API key provided: <redacted:api-key>`},
	{"replicate", `replicate: Authorization: <redacted:authorization>`},
	{"nvidia", `nvcr.io login $oauthtoken <redacted:token> denied`},
	{"pinecone", `pinecone: Api-Key <redacted:api-key> invalid`},
	{"langsmith", `LANGCHAIN_API_KEY <redacted:api-key> revoked`},
	{"posthog", `posthog: personal key <redacted:secret> lacks scope`},
	{"netlify", `netlify: <redacted:base64>: 401`},
	{"hubspot", `hubspot: private app token <redacted:token> expired`},
	{"resend", `resend: <redacted:base64> restricted`},
	{"terraform-tfp", `TFE_TOKEN <redacted:token> unauthorized`},
	{"onepw-secretkey", `op: secret key <redacted:secret> rejected`},
	{"vault-batch", `vault: bad token <redacted:token>`},
	{"vault-unseal", `Unseal Key 1: <redacted:base64>`},
	{"vault-init", `Initial Root Token: <redacted:token>`},
	{"vault-wrap", `wrapping token <redacted:token> is not valid or does not exist`},
	{"consul", `CONSUL_HTTP_TOKEN=<redacted:token>: ACL not found`},
	{"nomad", `nomad: X-Nomad-Token: <redacted:token> permission denied`},
	{"etcd", `etcdctl --user <redacted:password> get /: invalid auth token`},
	{"rancher", `rancher: token-x7k2q:<redacted:token> unauthorized`},
	{"gradle", `gradle.properties: artifactory_password=<redacted:password>`},
	{"pip", `ERROR: pip: https://<redacted:url-userinfo>@pypi.corp/simple/`},
	{"sentence-2", `login as flux with <redacted:password> was refused by the server`},
	{"sentence-3", `tried passwords: <redacted:password>`},
	{
		"tofu-output-2",
		`outputs: {"grafana_admin":{"value":"x","type":"string"},"pg_password":{"sensitive":true,"type":"string","value":"<redacted:password>"}}`,
	},
	{
		"hibernate",
		`could not parse <property name="hibernate.connection.password"><redacted:password></property> in hibernate.cfg.xml`,
	},
	{
		"rejected",
		`{"objectName":"login","field":"password","rejectedValue":"<redacted:password>","defaultMessage":"too short"}`,
	},
	{
		"cloudformation",
		`ValidationError: ParameterKey=MasterUserPassword,ParameterValue=<redacted:password> does not match constraint`,
	},
	{"weak", `keycloak import: password of user flux is too weak: <redacted:password>`},
	{"no-valid", `<redacted:secret> is not a valid password for user grafana`},
	{"parentheses", `the passphrase that was given (<redacted:secret>) opens no key`},
	{"from-to", `changed password from <redacted:password> for user app`},
	{"evaluates", `.Values.redis.authToken evaluates to <redacted:token> in the chart`},
	{"entities", `form smtp_password=<redacted:password> refused`},
	{"get-property", `System.getProperty("db.password") = <redacted:password>`},
	{"amp-quoted", `setting adminPassword to "<redacted:secret>" failed`},
	{
		"names",
		`env: snmpCommunity=<redacted:secret>, pinCode=<redacted:pin>, dbPw=<redacted:password>, accessCode=<redacted:pin>, hmackey=<redacted:secret>`,
	},
	{
		"ks-plain-secret-build",
		`kustomize build failed: json: cannot unmarshal object into Go struct field Secret.stringData of type string: map[stringData:map[<redacted:se` +
			`cret-data>]]`,
	},
	{
		"ks-yaml-parse-snippet",
		`failed to decode Kubernetes YAML from /tmp/kustomization-128/apps/secret.yaml: MalformedYAMLError: yaml: line 8: found character that cannot` +
			` start any token in "  password: <redacted:password>"`,
	},
	{
		"ks-yaml-tab",
		"YAML parse error: line 9: found a tab character that violates indentation:\n  8 | stringData:\n  <redacted:secret-data>",
	},
	{
		"ks-strategic",
		"trouble configuring builtin PatchTransformer: unable to parse SM or JSON patch from [apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstring" +
			"Data:\n  <redacted:secret-data>\n]",
	},
	{
		"ks-replacement",
		"fieldPath `data.url` replacement value \"mysql://<redacted:url-userinfo>@mysql/shop\" invalid",
	},
	{
		"ks-configmap-env",
		`ConfigMap/apps/env dry-run failed: data.SMTP_URL: "smtps://<redacted:url-userinfo>@smtp.corp:465"`,
	},
	{
		"ssa-conflict",
		`Apply failed with 1 conflict: conflict with "kubectl-edit" using v1: .stringData.license: <redacted:secret>`,
	},
	{
		"gatekeeper",
		`admission webhook "validation.gatekeeper.sh" denied the request: [no-literals] container <api> has literal credential <<redacted:github-toke` +
			`n>> in env <GH>`,
	},
	{
		"kyverno-quote",
		`validation error: rule check-env failed at path /spec/containers/0/env/1/value/: value "<redacted:secret>" of DB_PASSWORD is forbidden`,
	},
	{"probe", `Readiness probe failed: curl: (22) http://<redacted:url-userinfo>@localhost:8080/health 401`},
	{
		"event-container",
		`Error: failed to start container "app": exec: ["/bin/app" "--db-pass=<redacted:password>" "--port=80"]: not found`,
	},
	{
		"crash-env",
		`panic: config: missing REGION in map[DB_PASSWORD:<redacted:password> DB_USER:app PORT:8080]`,
	},
	{
		"helm-values-json",
		`Helm upgrade failed: cannot unmarshal {"auth":{"password":<redacted:password>}} into string`,
	},
	{
		"helm-values-list",
		`coalesce.go:286: warning: cannot overwrite table with non table for app.auth (map[existingSecret: password:<redacted:password>])`,
	},
	{
		"helm-values-coalesce",
		`coalesce.go:237: warning: skipped value for app.credentials: Not a table. (<redacted:secret-data>)`,
	},
	{
		"helm-lint",
		`[ERROR] templates/: template: x/templates/a.yaml:3:14: executing "x/templates/a.yaml" at <required "set it" .Values.token>: error calling re` +
			`quired: got "<redacted:secret>"`,
	},
	{
		"helm-lookup",
		`executing at <index $s.data "password">: <redacted:password>: illegal base64 data at input byte 4 of <redacted:secret>`,
	},
	{
		"helm-fail",
		`execution error at (x/templates/validate.yaml:3:4): fail: admin.password (<redacted:password>) too short`,
	},
	{
		"helm-post-render",
		`error while running post render: stdin: kind: Secret data: password: <redacted:password>`,
	},
	{"helm-test", `pod test-conn: + mysql -h db -u root --password=<redacted:password> -e 'select 1'`},
	{"hook-sqlplus", `sqlplus sys/<redacted:password>@//ora:1521/XE as sysdba: ORA-12541`},
	{"hook-mc", `mc: <ERROR> mc alias set s3 https://minio:9000 admin <redacted:secret> : invalid`},
	{"hook-vault-write", `vault write auth/userpass/login/app password=<redacted:password>: 400`},
	{"hook-vault-kv", `vault kv put secret/app password=<redacted:password> user=app: 403`},
	{"hook-rclone", `rclone: --s3-secret-access-key <redacted:secret> unknown`},
	{
		"hook-restic",
		`RESTIC_PASSWORD=<redacted:password> restic -r s3:minio/b snapshots: Fatal: wrong password`,
	},
	{"hook-git", `git push https://<redacted:url-userinfo>@git.corp/x HEAD:main`},
	{
		"src-cfg-gitconfig",
		`reading gitconfig: [url "https://<redacted:url-userinfo>@gitlab.com/"] insteadOf = https://gitlab.com/`,
	},
	{
		"src-ssh-hex",
		`ssh: cannot decode encrypted private key with passphrase "<redacted:password>": x509: decryption password incorrect`,
	},
	{"src-proxy", `proxyconnect tcp: dial http://<redacted:url-userinfo>@squid.corp:3128: 407`},
	{
		"src-proxy-secret",
		`proxySecretRef: address http://squid:3128 username px password <redacted:password>: 407 Proxy Authentication Required`,
	},
	{
		"src-oci-scope",
		`GET "https://ghcr.io/token?scope=repository:x:pull&account=bot&password=<redacted:password>": 403`,
	},
	{
		"src-bucket-gcs",
		`dialing: cannot parse credentials: {"type": "authorized_user", "client_secret": "<redacted:secret>", "refresh_token": "<redacted:token>"`,
	},
	{"src-bucket-azure", `failed to parse secret: accountKey: <redacted:secret> illegal base64`},
	{
		"src-bucket-azure-cert",
		`clientCertificatePassword <redacted:password> wrong: <redacted:password>: decryption password incorrect`,
	},
	{
		"src-bucket-stsjson",
		`STS response: {"Credentials":{"AccessKeyId":"<redacted:secret>","SecretAccessKey":"<redacted:secret>","SessionToken":"<redacted:token>"}}`,
	},
	{
		"src-minio-xml",
		`<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId><redacted:secret></AWSAccessKeyId><SignatureProvided><redacted:signature></Signatur` +
			`eProvided></Error>`,
	},
	{"src-verify-pgp", `unable to read armored key ring: <redacted:pem>`},
	{"notif-generic-hmac", `X-Signature: <redacted:signature> rejected by receiver`},
	{
		"notif-github-dispatch",
		`POST https://api.github.com/repos/a/b/dispatches: Authorization: <redacted:authorization>`,
	},
	{"notif-gitea", `gitea: token=<redacted:token> is required scope write:repository`},
	{"notif-bitbucket", `bitbucket: basic auth <redacted:authorization> 401`},
	{"notif-azdo", `azure devops: PAT <redacted:token> expired`},
	{"notif-nats", `nats: connect nats://<redacted:url-userinfo>@nats:4222: authorization violation`},
	{"notif-eventhub-jwt", `azureeventhub: managed identity token <redacted:token> rejected`},
	{"notif-pubsub", `googlepubsub: private_key_id <redacted:secret> not found`},
	{"notif-telegram-cut", `telegram: bot token <redacted:token> is invalid`},
	{"notif-webex-room", `webex: 401 {"message":"...","trackingId":"x"} token <redacted:token>`},
	{"notif-slack-api", `slack: {"ok":false,"error":"invalid_auth"} for <redacted:slack-token>`},
	{"notif-opsgenie-2", `opsgenie api key <redacted:api-key> is not authorized`},
	{"notif-datadog-2", `datadog: API key <redacted:api-key> is invalid (site datadoghq.eu)`},
	{"img-auto-gpg", `failed to load GPG key: passphrase "<redacted:password>" does not match`},
	{"img-ecr", `ecr: authorization token <redacted:token> expired`},
	{"img-dockerhub", `toomanyrequests: user acme (<redacted:docker-token>) pull limit`},
	{
		"cert-dns",
		`cert-manager: webhook solver "ovh": {"applicationKey":"<redacted:secret>","applicationSecretRef":{"name":"ovh"},"consumerKey":"<redacted:sec` +
			`ret>"}`,
	},
	{
		"cert-acmedns",
		`acme-dns: {"username":"d35c7907-3035-9cca-b2a9-53238a391bc3","password":"<redacted:password>","subdomain":"ff664871-1d1a-bfe4-7feb-1850709b6` +
			`c3b"}: 401`,
	},
	{"cert-tsig", `rfc2136: nameserver 10.0.0.2:53 tsigKeyName flux tsigSecret <redacted:secret>: NOTAUTH`},
	{"cert-eab2", `external account binding key <redacted:base64> could not be base64url decoded`},
	{"cert-vault", `cert-manager vault issuer: appRole secretId <redacted:secret> invalid`},
	{
		"crossplane",
		`crossplane: connection details map[endpoint:pg password:[<redacted:password>] username:app]`,
	},
	{"argocd", `argocd: admin.password set to <redacted:password>, restart needed`},
	{
		"argocd-repo",
		`rpc error: code = Unknown desc = error testing repository connectivity: authentication required: https://<redacted:url-userinfo>@git.corp/x`,
	},
	{
		"keda",
		`keda: trigger metadata {"hostFromEnv":"","host":"amqp://<redacted:url-userinfo>@mq:5672/","queueName":"q"}`,
	},
	{
		"keda-conn",
		`keda: error parsing azure queue: AccountName=acme;AccountKey=<redacted:secret>;QueueEndpoint=x`,
	},
	{"linkerd", `linkerd: identity issuer key <redacted:base64> not PEM`},
	{"istio", `istiod: JWKS: {"keys":[{"kty":"oct","k":"<redacted:base64>"}]}`},
	{
		"jwk-rsa",
		`jwk: {"kty":"RSA","n":"<redacted:base64>","e":"AQAB","d":"<redacted:base64>","p":"<redacted:base64>"}`,
	},
	{"authentik", `authentik: AUTHENTIK_SECRET_KEY: <redacted:secret> too weak`},
	{"dex", `dex: staticPasswords[0].hash <redacted:password-hash> invalid`},
	{
		"oauth2proxy",
		`oauth2-proxy: cookie_secret must be 16, 24, or 32 bytes to create an AES cipher, but is 12 bytes: "<redacted:secret>"`,
	},
	{"gitlab-runner", `runner: registration token <redacted:token> forbidden`},
	{"gha-runner", `config.sh --url https://github.com/acme --token <redacted:token> --unattended`},
	{"sonarqube", `sonar.login=<redacted:sonar-token> is deprecated`},
	{"elastic-cloud", `elastic: ApiKey <redacted:authorization> unauthorized`},
	{"kibana", `kibana: xpack.encryptedSavedObjects.encryptionKey: <redacted:secret>`},
	{
		"rabbit-hash",
		`rabbitmq definitions: {"name":"app","password_hash":"<redacted:password>","hashing_algorithm":"rabbit_password_hashing_sha256"}`,
	},
	{"mosquitto", `mosquitto: app:$7$101$ycjpmYgNZqJuiPOK$<redacted:base64> bad`},
	{"zookeeper", `zk: addauth digest <redacted:password>: AuthFailed`},
	{"nifi", `nifi: nifi.sensitive.props.key=<redacted:secret> changed`},
	{"jenkins-casc", `JCasC: securityRealm.local.users[0].password: <redacted:password> is plaintext`},
	{"nexus3", `nexus: admin.password file: <redacted:password> expired`},
	{
		"minio-tenant",
		`minio: config.env: export MINIO_ROOT_USER="root" export MINIO_ROOT_PASSWORD="<redacted:password>"`,
	},
	{"longhorn", `longhorn: backup target secret: AWS_SECRET_ACCESS_KEY: <redacted:secret>, AWS_ENDPOINTS: x`},
	{
		"velero",
		"velero: [default]\naws_access_key_id=<redacted:secret>\naws_secret_access_key=<redacted:secret>",
	},
	{
		"openstack",
		`clouds.yaml: auth: {auth_url: https://k, username: flux, password: <redacted:password>, project_name: p}`,
	},
	{"vsphere", `vcenter govc: GOVC_URL=https://<redacted:url-userinfo>@vc.corp/sdk`},
	{"proxmox", `proxmox: PVEAPIToken=<redacted:token>: 401`},
	{"ipmi", `ipmitool -H 10.0.0.9 -U ADMIN -P <redacted:secret> power on`},
	{"snmp", `snmpget -v2c -c <redacted:secret> 10.0.0.1: timeout`},
	{"tailscale", `tailscale: authkey <redacted:secret> expired`},
	{"cf-tunnel", `cloudflared tunnel run --token <redacted:token>: Unauthorized`},
	{"wireguard-q", `wg set wg0 peer <redacted:base64> preshared-key <redacted:secret>`},
	{"pem-logprefix", `2026-11-27T20:00:00Z stderr F <redacted:pem>`},
	{"pem-numbered", "yaml: unmarshal errors:\n  1 |   <redacted:pem>"},
	{"pem-diffplus", `+    <redacted:pem>`},
	{"pem-crlf-esc", `identity: "<redacted:pem>"`},
	{"pem-tail", "...<redacted:base64>\n<redacted:base64>\n-----END RSA PRIVATE KEY-----"},
	{"pem-tail-esc", `(truncated) <redacted:base64>\n<redacted:base64>\n-----END PRIVATE KEY-----\n`},
	{
		"pem-quoted-lines",
		"\"<redacted:pem>\" +\n\"<redacted:base64>\\n\" +\n\"<redacted:base64>\\n\" +\n\"<redacted:base64>\\n\" +\n\"<redacted:secret>\\n\" +\n\"-----END PRIVATE KEY----" +
			`-\n" +`,
	},
	{"pem-gt", `> <redacted:pem>`},
	{"pem-b64", `tls.key: <redacted:secret>`},
	{"pem-b64-wrapped", "data:\n  <redacted:secret-data>"},
	{"pem-pct", `privateKey=<redacted:secret>`},
	{"pem-encrypted", `<redacted:pem>`},
	{
		"pem-dashes",
		"----BEGIN SSH2 ENCRYPTED PRIVATE KEY----\nComment: \"x\"\n<redacted:base64>\n----END SSH2 ENCRYPTED PRIVATE KEY----",
	},
	{"jwt-pct", `id_token=<redacted:token>`},
	{"jwt-split", `token: <redacted:token>`},
	{"jwt-payload-only", `claims of <redacted:base64> invalid`},
	{"jwt-cookie", `Cookie: <redacted:cookie>`},
	{"jwt-ws", `wss://hub.corp/ws?jwt=<redacted:token>`},
	{"jwt-quoted-go", `oidc: verify(\"<redacted:jwt>\") failed`},
	{
		"kubeconfig-flat",
		`kubeconfig: apiVersion: v1 clusters: - cluster: certificate-authority-data: <redacted:base64> server: https://k name: c users: - name: a use` +
			`r: client-key-data: <redacted:secret> client-certificate-data: <redacted:base64>`,
	},
	{"kubeconfig-gomap", `map[name:admin user:map[password:<redacted:password> username:admin]]`},
	{
		"kubeconfig-exec-env",
		`exec: {command: aws, env: [{name: AWS_SECRET_ACCESS_KEY, value: <redacted:secret>}]}`,
	},
	{
		"kubeconfig-authprovider",
		`auth-provider: config: access-token: <redacted:token> id-token: <redacted:token>`,
	},
	{"kubeconfig-legacy", `user: {token: <redacted:token>}`},
	{"kubeconfig-b64", `value.yaml: <redacted:base64>`},
	{"sas-amp", `sv=2022-11-02&sr=b&sig=<redacted:signature>&se=2026`},
	{"sas-uni", `?sv=2022\u0026sig=<redacted:signature>\u0026sp=r`},
	{"sas-only", `SharedAccessSignature sv=2022-11-02&ss=b&sig=<redacted:signature>`},
	{
		"aws-ini",
		`[default] aws_access_key_id = <redacted:secret> aws_secret_access_key = <redacted:secret> aws_session_token = <redacted:token>`,
	},
	{"aws-hdr", `X-Amz-Security-Token: <redacted:token>`},
	{
		"aws-json-nested",
		`{"Version":1,"AccessKeyId":"<redacted:secret>","SecretAccessKey":"<redacted:secret>","SessionToken":"<redacted:token>","Expiration":"2026-11` +
			`-27T22:00:00Z"}`,
	},
	{"aws-sentence", `static credentials <redacted:base64> are not allowed`},
	{"aws-colon", `credential <redacted:secret> rejected`},
	{
		"aws-sigv4",
		`AWS4-HMAC-SHA256 Credential=<redacted:secret>, SignedHeaders=host;x-amz-date, Signature=<redacted:signature>`,
	},
	{
		"gcp-gomap",
		`map[client_email:f@a.iam.gserviceaccount.com private_key:<redacted:pem>\n private_key_id:<redacted:secret> type:service_account]`,
	},
	{"gcp-yaml", "private_key: \"<redacted:secret>\"\nclient_email: a@b"},
	{"gcp-b64", `GOOGLE_CREDENTIALS=<redacted:secret>`},
	{"docker-cfg-b64", `.dockerconfigjson: <redacted:base64>`},
	{"docker-cfg-auth", `"auth": "<redacted:authorization>"`},
	{
		"docker-cfg-gomap",
		`map[auths:map[ghcr.io:map[auth:<redacted:authorization> password:<redacted:password> username:bot]]]`,
	},
	{"docker-cfg-struct", `DockerConfigEntry{Username:"bot", Password:"<redacted:password>", Email:""}`},
	{"user-ipv6", `dial https://<redacted:url-userinfo>@[fd00::1]:8443/: refused`},
	{"user-at", `clone https://<redacted:url-userinfo>@git.corp.example/x.git`},
	{"user-uni", `https://<redacted:url-userinfo>@git.corp/x`},
	{"user-punct", `https://<redacted:url-userinfo>@git.corp/x: 401`},
	{"user-pct-all", `https://<redacted:url-userinfo>@git.corp/x`},
	{"user-scp", `fatal: <redacted:url-userinfo>@git.corp:org/x.git: not a repository`},
	{"user-long", `https://<redacted:gitlab-token>@git.corp/x`},
	{"user-tokenonly", `https://<redacted:url-userinfo>@git.corp/x`},
	{"user-xoauth", `https://<redacted:url-userinfo>@github.com/a/b`},
	{"user-esc", `"https:\/\/<redacted:url-userinfo>@git.corp\/x"`},
	{"user-cut", `unable to clone https://<redacted:url-userinfo>`},
	{"user-quoted", `parse "https://<redacted:url-userinfo>@git.corp/x": invalid userinfo`},
	{"user-parse", `parse "https://<redacted:url-userinfo>@git.corp/x": invalid URL escape "%zz"`},
	{"cookie-multi", `Set-Cookie: [<redacted:cookie>`},
	{"cookie-gomap", `map[Cookie:[<redacted:cookie>] Accept:[*/*]]`},
	{"cookie-json", `{"headers":{"cookie":"<redacted:cookie>"}}`},
	{"basic-lower", `authorization: <redacted:authorization>`},
	{"basic-json", `{"Authorization":"<redacted:authorization>"}`},
	{"basic-curl", `curl --user <redacted:password> https://x`},
	{"basic-py", `requests.get(url, auth=("flux", "<redacted:password>"))`},
	{"basic-go", `req.SetBasicAuth("flux", "<redacted:password>")`},
	{"basic-nginx", `proxy_set_header Authorization "Basic <redacted:authorization>";`},
	{"bearer-short", `Authorization: <redacted:authorization>`},
	{"bearer-go", `http: invalid header "Authorization": "<redacted:authorization>"`},
	{"bearer-gomap", `map[Authorization:[<redacted:authorization>]]`},
	{"proxy-auth", `Proxy-Authorization: <redacted:authorization>`},
	{"digest", `Authorization: <redacted:authorization>`},
	{"env-printenv", "PATH=/bin\nHOME=/root\nDB_PASS=<redacted:password>\nLANG=C"},
	{"env-ps", `ps: 123 /app --db-url=postgres://<redacted:url-userinfo>@pg/app --verbose`},
	{"env-docker", `"Env": ["PATH=/bin","TOKEN=<redacted:token>"]`},
	{"env-proto", `name:"API_TOKEN" value:"<redacted:secret>"`},
	{
		"env-k8s-describe",
		"    Environment:\n      DB_PASSWORD:  <redacted:password>\n      DB_USER:      app\n",
	},
	{"env-compose", "environment:\n  - DB_PASSWORD=<redacted:password>\n  - DB_USER=app"},
	{"env-systemd", `Environment=DB_PASSWORD=<redacted:password> DB_USER=app`},
	{"env-node", `{ DB_PASSWORD: '<redacted:password>', DB_USER: 'app' }`},
	{"env-ruby", `{"DB_PASSWORD"=>"<redacted:password>"}`},
	{"env-elixir", `[password: "<redacted:password>", username: "app"]`},
	{"env-clj", `{:password "<redacted:password>" :user "app"}`},
	{"env-toml-inline", `db = { user = "app", password = "<redacted:password>" }`},
	{"env-pkl", `password = "<redacted:password>" // db`},
	{
		"hv-block",
		"values:\n  auth:\n    enabled: true\n    rootPassword: <redacted:password>\n    replicationPassword: <redacted:password>\n  image: x",
	},
	{"hv-diff", "-    rootPassword: <redacted:password>\n+    rootPassword: <redacted:password>"},
	{"hv-json-esc", `values: {\"auth\":{\"rootPassword\":\"<redacted:password>\"}}`},
	{"hv-gomap-nested", `map[auth:map[enabled:true rootPassword:<redacted:password>] image:map[tag:1.0]]`},
	{"hv-anchor", "rootPassword: &pw <redacted:password>\nreplicaPassword: <redacted:password>"},
	{"hv-multidoc", "---\nstringData: <redacted:secret-data>\n---\nkind: X"},
	{"b64-dsn", `uri: <redacted:base64>`},
	{"b64-double", `value <redacted:base64> is no YAML`},
	{"b64-url", `state=<redacted:base64>`},
	{"b64-helmrel", `release: <redacted:base64>`},
	{"b64-pair", `secret data: map[<redacted:secret-data>]`},
	{"hex-pw", `unexpected bytes 0x<redacted:hex>`},
	{"rot", `gpg --passphrase <redacted:password> -d x`},
	{"age-plugin", `age: <redacted:age-key>`},
	{"age-lower", `identity <redacted:age-key> must be upper case`},
	{"telegram-u", `https://api.telegram.org/bot<redacted:webhook>`},
	{"teams-old", `https://outlook.office.com/webhook/<redacted:webhook>`},
	{"discord-short", `discord webhook <redacted:base64> unknown`},
	{"slack-path-only", `POST <redacted:base64>: 404 no_team`},
	{"pem-gomap", `secret data: map[<redacted:secret-data>]`},
	{"pem-set", `helm upgrade web ./chart --set ingress.tls.key=<redacted:pem> --wait: exit 1`},
	{"pem-spaces", `GITHUB_APP_PRIVATE_KEY=<redacted:pem> GITHUB_APP_ID=4711`},
	{"pem-mail", `> <redacted:pem>`},
	{"heroku", `heroku: pipeline promote: <redacted:heroku-api-key-v2> has no access`},
	{"razorpay", `payments: <redacted:razorpay-key> is disabled`},
	{"plaid", `plaid: <redacted:plaid-token> expired`},
	{"addauth", `zkCli: addauth digest <redacted:password>`},
	{
		"kust-remote-base",
		`accumulating resources from 'https://<redacted:url-userinfo>@gitlab.corp.example/infra/base.git//apps?ref=v1': hit 20s timeout running '/usr` +
			`/bin/git fetch --depth=1 https://<redacted:url-userinfo>@gitlab.corp.example/infra/base.git'`,
	},
	{"kust-env-malformed", `env source 'secrets.env': unexpected line 'MAIL_PASS <redacted:password>'`},
	{
		"ks-cm-webhook",
		`admission webhook "vault-secrets-webhook" denied: failed to mutate: vault login: Code: 400. Errors: * invalid role or secret ID (secret_id=<` +
			`redacted:secret>)`,
	},
	{"ks-typed", `.data: duplicate entries for key [name="API_TOKEN"]: <redacted:token> <redacted:token>`},
	{
		"ks-managed",
		`Secret "x" is invalid: stringData[smtp-password]: Invalid value: "<redacted:secret-data>": too weak`,
	},
	{"ks-cm-data", `ConfigMap "haproxy" is invalid: data: stats auth <redacted:authorization> not allowed`},
	{
		"hr-values-from",
		`could not find valuesFrom; inline: {"smtp":{"auth":{"user":"u","pass":"<redacted:password>"}}}`,
	},
	{"hr-set-file", `--set-file key=/k.pem --set tokens[0]=<redacted:secret>,tokens[1]=<redacted:base64>`},
	{
		"hr-printf",
		`executing at <printf "redis://<redacted:url-userinfo>@%s" "<redacted:secret>" .Values.host>: error calling printf`,
	},
	{
		"hr-required",
		`error calling include: template: x/_h.tpl:9:3: executing "x.dsn" at <urlParse "postgres://<redacted:url-userinfo>@pg/x">: bad`,
	},
	{"hr-notes2", "echo \"Password: <redacted:password>\necho \"Username: user\""},
	{"hr-mysql-notes", `MYSQL_ROOT_PASSWORD=<redacted:password> mysql -h x -uroot -p"<redacted:password>"`},
	{"hr-argocd-notes", `argocd initial admin password is <redacted:password>, change it`},
	{"src-git-trace", `GIT_CURL_VERBOSE: => Send header: Authorization: <redacted:authorization>`},
	{"src-git-store", `/home/flux/.git-credentials:1: https://<redacted:url-userinfo>@git.corp.example`},
	{
		"src-hg",
		`abort: http authorization required for https://svn.corp/x realm: X user: flux password: <redacted:password>`,
	},
	{"src-known", `known_hosts and identity mixed up: "<redacted:pem> github.com ssh-ed25519"`},
	{
		"src-oci-cred-json",
		"error getting credentials - err: exit status 1, out: `{\"Username\":\"AWS\",\"Secret\":\"<redacted:secret>\"}`",
	},
	{
		"src-ghcr-anon",
		`unexpected status from GET https://ghcr.io/v2/x: Authorization Bearer <redacted:authorization>`,
	},
	{"src-quay", `quay.io: robot acme+flux with token <redacted:token> has no pull access`},
	{"src-harbor-robot", `harbor: robot$flux+pull <redacted:password> disabled`},
	{"src-nexus", `nexus NuGet key <redacted:secret> not accepted`},
	{"src-jfrog", `X-JFrog-Art-Api: <redacted:artifactory-token> is expired`},
	{"src-gitea-hdr", `Authorization: <redacted:authorization>`},
	{"src-s3-mismatch", `The secret <redacted:secret> for <redacted:aws-key> does not match`},
	{"src-gcs-hmac", `<redacted:google-key> with secret <redacted:secret>: SignatureDoesNotMatch`},
	{
		"src-blob-sas",
		`blob: https://acme.blob.core.windows.net/c?sp=r&st=2026-11-01&se=2027-01-01&spr=https&sv=2022-11-02&sr=c&sig=<redacted:signature> expired`,
	},
	{"src-minio-cli", `mc admin user add myminio flux <redacted:secret>`},
	{"src-b2", `b2: application key <redacted:secret> unauthorized`},
	{"src-wasabi", `wasabi: AccessKey=<redacted:secret> SecretKey=<redacted:secret> bad region`},
	{
		"notif-teams-adaptive",
		`POST https://default39c721f25fb638d68d2b5c5647203c.5f.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/<reda` +
			`cted:webhook>?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=<redacted:signature> 401`,
	},
	{"notif-ntfy", `ntfy: Authorization: <redacted:authorization>`},
	{"notif-splunkoncall", `Post "https://alert.victorops.com/integrations/<redacted:webhook>": 404`},
	{"notif-jira", `jira: ops@acme.io:<redacted:atlassian-token> 401`},
	{"notif-grafana-oncall", `Post "https://oncall.<redacted:base64>": 403`},
	{"notif-healthchecks", `Post "https://hc-ping.com/<redacted:webhook>": EOF`},
	{"notif-uptime", `GET https://kuma.corp/api/push/<redacted:webhook>?status=down: 404`},
	{"notif-smtp2", `smtp: 535 5.7.8 Error: authentication failed: user=alerts pass=<redacted:password>`},
	{"notif-smtp-login", `smtp: AUTH LOGIN YWxlcnRz <redacted:secret> rejected`},
	{"notif-mqtt", `mqtts://<redacted:url-userinfo>@broker.corp:8883: not authorized`},
	{"img-scan-json", `{"auth":"<redacted:authorization>","email":"x@y"} is not a valid auth entry`},
	{"img-cosign", `COSIGN_KEY=<redacted:secret>: decrypt: encrypted: decryption failed`},
	{
		"tofu-backend",
		`Error: backend "s3": access_key="<redacted:secret>", secret_key="<redacted:secret>": invalid`,
	},
	{
		"tofu-http",
		`backend http: GET https://<redacted:url-userinfo>@gitlab.corp/api/v4/projects/1/terraform/state/x: 403`,
	},
	{"tofu-pg", `conn_str = "<redacted:secret>"`},
	{"tofu-vault", `vault_generic_secret.x: Error reading: * token "<redacted:token>" lacks read`},
	{"tofu-tfvars", `on terraform.tfvars line 3: 3: db_password = "<redacted:password>"`},
	{
		"tofu-local-exec",
		`local-exec provisioner error: exit 1. Output: + psql postgresql://<redacted:url-userinfo>@pg/x`,
	},
	{"tofu-helm", `set_sensitive { name = "auth.password" value = "<redacted:secret>" }`},
	{"eso-conjur", `conjur: authn-api-key <redacted:api-key> host/flux: 401`},
	{"eso-infisical", `infisical: clientSecret <redacted:secret> invalid`},
	{"eso-bitwarden", `bitwarden: machine account token <redacted:token> revoked`},
	{"eso-passbolt", `passbolt: passphrase for key: <redacted:password> is wrong`},
	{"eso-delinea", `delinea: clientId x clientSecret <redacted:secret>`},
	{
		"eso-kv-dump",
		`secret data at kv/prod/db: {"password":"<redacted:password>","username":"app"} does not have property pw`,
	},
	{
		"eso-template",
		`could not execute template: map has no entry for key "pw": data=map[password:<redacted:password> user:app]`,
	},
	{
		"eso-gcp",
		`rpc error: secret version payload {data:"<redacted:secret>"} checksum mismatch for db-password`,
	},
	{
		"csi",
		`MountVolume.SetUp failed: rpc error: failed to mount secrets store objects: keyvault client secret <redacted:secret> expired`,
	},
	{"sealed", `kubeseal: cannot seal "<redacted:secret>": key password has no namespace`},
	{
		"db-pg-fatal",
		`pgbouncer: cannot parse userlist: "app" "SCRAM-SHA-256$4096:<redacted:base64>$<redacted:base64>:<redacted:base64>"`,
	},
	{
		"db-patroni",
		`patroni: authentication: {replication: {username: rep, password: <redacted:password>}, superuser: {username: postgres, password: <redacted:p` +
			`assword>}}`,
	},
	{"db-vitess", `vttablet: -db_app_password <redacted:password> -db_app_user vt`},
	{
		"db-maria",
		`mariadb: Access denied; IDENTIFIED VIA mysql_native_password USING PASSWORD('<redacted:password>')`,
	},
	{"db-mongo-kf", `mongod: keyFile content <redacted:base64> bad permissions`},
	{"db-redis-conf", `redis.conf line 12: >>> 'requirepass <redacted:password>' wrong number of arguments`},
	{"db-redis-url-user", `REDIS_URL=redis://<redacted:url-userinfo>@redis:6379/2 refused`},
	{"db-scylla", `cqlsh -u cassandra -p <redacted:password> scylla 9042: Unauthorized`},
	{"db-neo4j-auth", `NEO4J_AUTH=<redacted:authorization> invalid: too short`},
	{"db-surreal", `surreal sql --user root --pass <redacted:password>: 401`},
	{"db-ch-xml", `<users><default><password><redacted:password></password></default></users> parse error`},
	{"db-ch-http", `http://ch:8123/?user=default&password=<redacted:password>&query=SELECT+1`},
	{"db-trino", `jdbc:trino://t:443/hive?user=a&password=<redacted:password>&SSL=true`},
	{"db-snow-dsn", `snowflake dsn: <redacted:secret>`},
	{"db-oracle-wallet", `mkstore -wrl . -createCredential ORCL app <redacted:secret>`},
	{"db-hana", `hdbsql -n hana:30015 -u SYSTEM -p <redacted:password> "select 1"`},
	{"db-sqlcmd", `sqlcmd -S mssql -U sa -P <redacted:password> -Q "select 1": Login failed`},
	{
		"db-influx-cfg",
		`influx setup --username admin --password <redacted:password> --token <redacted:token> --org o`,
	},
	{"mq-rabbit-conf", `rabbitmq.conf: default_pass = <redacted:password>`},
	{
		"mq-kafka-prop",
		`sasl.jaas.config = org.apache.kafka.common.security.plain.PlainLoginModule required username='a' password='<redacted:password>';`,
	},
	{
		"mq-kafka-scram",
		`kafka-configs --alter --add-config 'SCRAM-SHA-512=[password=<redacted:password>]' --entity-name app`,
	},
	{"mq-pulsar", `pulsar: authParams=token:<redacted:token>`},
	{"mq-nats-conf", `nats.conf: authorization { user: a, password: <redacted:password> }`},
	{"mq-activemq", `activemq: <authenticationUser username="a" password="<redacted:password>" groups="x"/>`},
	{"cert-pkcs12", `keystores.pkcs12.passwordSecretRef: key password has value <redacted:password>`},
	{"cert-godaddy", `godaddy: Authorization: sso-key <redacted:base64>:<redacted:base64> 403`},
	{"cert-porkbun", `porkbun: {"apikey":"<redacted:api-key>","secretapikey":"<redacted:api-key>"}`},
	{"cert-infoblox", `infoblox: https://<redacted:url-userinfo>@grid.corp/wapi/v2.7/zone_auth: 401`},
	{
		"misc-ansible",
		`fatal: [web01]: FAILED! => {"ansible_password": "<redacted:password>", "msg": "Invalid/incorrect password"}`,
	},
	{"misc-winrm", `winrm: -u Administrator -p '<redacted:password>' refused`},
	{"misc-ftp", `ftp://<redacted:url-userinfo>@nas.corp/dumps: 530`},
	{"misc-k3s", `k3s agent: --token <redacted:token> CA mismatch`},
	{
		"misc-kubeadm",
		`kubeadm join 10.0.0.1:6443 --token <redacted:token> --discovery-token-ca-cert-hash sha256:510ae03cc3a093505c819934e2efcaf341f4e0dcb1d6b0ce74` +
			`68598ad40ac8ff --certificate-key <redacted:secret>`,
	},
	{"mc-user", `post-install hook: mc admin user add minio-eu ci-reader <redacted:secret>: exit 1`},
	{"mkstore", `mkstore -wrl /opt/wallet -createCredential SHOPDB shop <redacted:secret>: PKI-02003`},
	{"nuget", `dotnet restore: NuGet key <redacted:secret> has no rights for the feed`},
	{
		"value-word",
		`.spec.env: duplicate entries for key [name="SONAR_TOKEN"]: <redacted:token> <redacted:token> is there twice`,
	},
	{
		"git-clone-userinfo-v5",
		`failed to checkout and determine revision: unable to clone 'https://<redacted:url-userinfo>@gitlab.example.org/platform/fleet.git': authenti` +
			`cation required: HTTP Basic: Access denied`,
	},
	{
		"git-ls-remote-pct",
		`unable to list remote for 'https://<redacted:url-userinfo>@scm.example.net/scm/ops/fleet.git': unexpected client error: unexpected requestin` +
			`g "https://scm.example.net/scm/ops/fleet.git/info/refs?service=git-upload-pack" status code: 407`,
	},
	{
		"git-azdo-pat",
		`failed to push to remote: unknown error: remote: TF401019: The Git repository with name or identifier fleet does not exist or you do not hav` +
			`e permissions; url https://<redacted:url-userinfo>@dev.example.com/contoso/platform/_git/fleet`,
	},
	{
		"git-secret-v",
		`failed to configure authentication options: secret 'flux-system/fleet' has fields map[password:<redacted:password> username:flux]: invalid '` +
			`GitRepository' secret data: required fields 'identity' and 'known_hosts'`,
	},
	{
		"git-bearer-map",
		`failed to configure authentication options: invalid auth data: map[string][]uint8{<redacted:secret-data>}`,
	},
	{
		"git-identity-parse",
		`failed to configure authentication options: failed to parse private key: ssh: this private key is passphrase protected: <redacted:pem>`,
	},
	{
		"git-identity-esc",
		`unable to clone 'ssh://git@scm.example.net/ops/fleet': ssh: no key found; identity was "<redacted:pem>\n"`,
	},
	{
		"git-ghapp",
		`failed to get GitHub App token: could not refresh installation id 54012123's token: request &{Method:POST URL:https://api.github.example.com` +
			`/app/installations/54012123/access_tokens <redacted:token>] Authorization:[<redacted:authorization>]]}: 401 Unauthorized`,
	},
	{
		"git-askpass",
		`git command failed: exit status 128: fatal: could not read Username for 'https://<redacted:github-token>@github.example.com': No such device` +
			` or address`,
	},
	{"git-trace-curl", `10:02:44.113 http.c:820 => Send header: Authorization: <redacted:authorization>`},
	{
		"git-proxy-407",
		`unable to clone 'https://scm.example.net/ops/fleet': Proxy Authentication Required (proxy http://<redacted:url-userinfo>@proxy.example.net:3` +
			`128)`,
	},
	{
		"git-proxy-secret",
		`failed to create transport: parse "http://<redacted:url-userinfo>@proxy.example.net:8080": invalid URL escape "%4"`,
	},
	{
		"git-dial-proxy",
		`failed to checkout and determine revision: unable to clone 'https://scm.example.net/ops/fleet.git': dial: proxyconnect tcp: socks5://<redact` +
			`ed:url-userinfo>@10.4.0.9:1080: i/o timeout`,
	},
	{
		"git-known-hosts-creds",
		`invalid secret flux-system/fleet: {"identity":"","known_hosts":"scm.example.net ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG0","password":"<redact` +
			`ed:password>"}`,
	},
	{
		"git-remote-set-url",
		`remote: fatal: unable to access 'https://<redacted:url-userinfo>@bitbucket.example.org/acme/fleet.git/': The requested URL returned error: 4` +
			`03`,
	},
	{
		"iac-push-err",
		`failed to push to remote: command error on refs/heads/main: remote: GL-HOOK-ERR: job token <redacted:token> is not allowed to push to protec` +
			`ted branch`,
	},
	{
		"iac-signing",
		`failed to commit changes: could not decrypt signing key with passphrase "<redacted:password>": openpgp: invalid data: private key checksum f` +
			`ailure`,
	},
	{
		"oci-dockercfg",
		`failed to parse auth config: {"auths":{"registry.example.net":{"auth":"<redacted:authorization>"}}}: unexpected end of JSON input`,
	},
	{
		"oci-token-get",
		`failed to determine artifact digest: GET https://auth.registry.example.net/token?account=ci&password=<redacted:password>&scope=repository%3A` +
			`acme%2Fmanifests%3Apull&service=registry: UNAUTHORIZED: authentication required`,
	},
	{
		"oci-bearer-dump",
		`failed to pull artifact from 'oci://registry.example.net/acme/manifests': --> GET https://registry.example.net/v2/acme/manifests/blobs/sha25` +
			`6:76cee03c66e5bd402d47352d595fac5e61ceec6898582995330ce0111034d2b4 HTTP/1.1\r\nHost: registry.example.net\r\nUser-Agent: flux/v2\r\nAuthoriz` +
			`ation: <redacted:authorization>\r\nAccept-Encoding: gzip`,
	},
	{
		"oci-token-body",
		`failed to get authentication from registry: unexpected status: 200 OK: {"token":"<redacted:token>","access_token":"","expires_in":300,"issue` +
			`d_at":"2026-11-27T08:00:00Z"} is missing scope`,
	},
	{
		"oci-refresh",
		`POST https://acme.azurecr.example/oauth2/token: 401 Unauthorized: grant_type=refresh_token&service=acme.azurecr.example&scope=registry:catal` +
			`og:*&refresh_token=<redacted:token>`,
	},
	{
		"oci-ecr-auth",
		`failed to get ECR credentials: invalid authorization token: {AuthorizationToken:<redacted:token> ExpiresAt:2026-11-27 20:11:09 +0000 UTC Pro` +
			`xyEndpoint:https://123456789012.dkr.ecr.example}`,
	},
	{
		"oci-login-cmd",
		`error: helm registry login registry.example.net -u robot -p <redacted:password>: Error: login attempt failed with status: 401 Unauthorized`,
	},
	{
		"oci-basic-static",
		`could not use &authn.Basic{Username:"robot", Password:"<redacted:password>"}: registry rejected`,
	},
	{
		"oci-authconfig-plus",
		`login failed with authn.AuthConfig {Username:ci-pull Password:<redacted:password> Auth: IdentityToken: RegistryToken:}`,
	},
	{
		"oci-cosign-env",
		`failed to verify the signature using provider 'cosign': reading key: decrypt: encrypted: decryption failed (COSIGN_PASSWORD="<redacted:passw` +
			`ord>")`,
	},
	{
		"oci-notation",
		`failed to verify the signature using provider 'notation keyless': plugin azure-kv failed: pluginConfig: map[ca_certs:/certs/ca.pem credentia` +
			`l_type:clientsecret <redacted:secret>]`,
	},
	{
		"oci-presigned",
		`failed to copy layer: Get "https://prod-layers.s3.example/docker/registry/v2/blobs/sha256/aa/data?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Cre` +
			`dential=<redacted:signature>&X-Amz-Date=20261127T080000Z&X-Amz-Expires=1200&X-Amz-SignedHeaders=host&X-Amz-Signature=<redacted:signature>": ` +
			`net/http: TLS handshake timeout`,
	},
	{
		"irc-scan-401",
		`scan failed: GET https://registry.example.net/v2/: UNAUTHORIZED: invalid token "<redacted:token>"; [map[Action:pull Class: Name:acme/api Typ` +
			`e:repository]]`,
	},
	{
		"s3-creds-v",
		`failed to construct S3 client: credentials {AccessKeyID:<redacted:secret> SecretAccessKey:<redacted:secret> SessionToken: Expiration:0001-01` +
			`-01 00:00:00 +0000 UTC SignerType:SignatureV4} expired`,
	},
	{
		"s3-sts-xml",
		`fetch from bucket 'fleet' failed: STS: <AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><redacted:secret></A` +
			`ccessKeyId><SecretAccessKey><redacted:secret></SecretAccessKey><SessionToken><redacted:token></SessionToken></Credentials></AssumeRoleWithWe` +
			`bIdentityResult></AssumeRoleWithWebIdentityResponse>: XML syntax error on line 1`,
	},
	{
		"s3-minio-sign",
		`The request signature we calculated does not match the signature you provided. accesskey=<redacted:secret> secretkey=<redacted:secret>`,
	},
	{
		"aws-sso-q",
		`operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 400, ValidationError: 1 validation error detected: Value '<` +
			`redacted:jwt>' at 'webIdentityToken' failed to satisfy constraint: Member must have length less than or equal to 20000`,
	},
	{
		"aws-env",
		`failed to load shared config, AWS_ACCESS_KEY_ID=<redacted:secret> AWS_SECRET_ACCESS_KEY=<redacted:secret> AWS_REGION=eu-central-1: invalid c` +
			`onfiguration`,
	},
	{
		"aws-ini-2",
		"failed to parse credentials file: unexpected '=' on line 4:\n[default]\naws_access_key_id = <redacted:secret>\naws_secret_access_key = <redacte" +
			"d:secret>\nregion == eu-central-1",
	},
	{
		"azure-sas",
		`fetch from bucket 'fleet' failed: GET https://acmefleet.blob.example/fleet?comp=list&restype=container&sv=2022-11-02&ss=b&srt=co&sp=rl&se=20` +
			`27-01-01T00%3A00%3A00Z&sig=<redacted:signature> RESPONSE 403: 403 This request is not authorized`,
	},
	{
		"azure-connstr",
		`azblob: invalid connection string "DefaultEndpointsProtocol=https;AccountName=acmefleet;AccountKey=<redacted:secret>;EndpointSuffix=core.exa` +
			`mple"`,
	},
	{
		"azure-client-secret",
		`ClientSecretCredential authentication failed. POST https://login.example/3c1f0c8e-1111-4222-8333-9d0e0c0a0b01/oauth2/v2.0/token body: client` +
			`_id=6b1e7e0a-2222-4333-8444-555566667777&client_info=1&client_secret=<redacted:secret>&grant_type=client_credentials&scope=https%3A%2F%2Fman` +
			`agement.example%2F.default`,
	},
	{
		"azure-entra-json",
		`failed to get credential: {"tenantId":"3c1f0c8e-1111-4222-8333-9d0e0c0a0b01","appId":"6b1e7e0a-2222-4333-8444-555566667777","displayName":"f` +
			`lux","password":"<redacted:password>"} is not a service principal file`,
	},
	{
		"azure-accountkey",
		`SharedKeyCredential: illegal base64 data at input byte 86 in accountKey: <redacted:secret>`,
	},
	{
		"gcp-sa-json",
		`google: error parsing credentials from secret flux-system/gcs: {"type":"service_account","project_id":"acme","private_key_id":"<redacted:sec` +
			`ret>","private_key":"<redacted:secret>","client_email":"flux@acme.iam.example","client_id":"1179"}: missing token_uri`,
	},
	{
		"gcp-oauth",
		`oauth2: cannot fetch token: 400 Bad Request Response: {"error":"invalid_grant","refresh_token":"<redacted:token>"}`,
	},
	{
		"gcp-ya29",
		`failed to get access token: googleapi: Error 401: Invalid Credentials, got token <redacted:token>, authError`,
	},
	{"gcp-hmac", `signature mismatch for GOOG1 HMAC key <redacted:secret> with secret <redacted:secret>`},
	{
		"kust-postbuild",
		"post build failed for 'db-credentials': envsubst error: variable substitution failed: missing closing brace: stringData:\n  <redacted:secret-" +
			`data>`,
	},
	{
		"kust-strict-subst",
		"post build failed for 'grafana': YAMLToJSON: yaml: line 9: could not find expected ':'\n---\nadmin-user: admin\nadmin-password: <redacted:passw" +
			`ord>`,
	},
	{
		"kust-decode",
		`failed to decode Kubernetes YAML from /tmp/kustomization-123/apps/secret.yaml: MalformedYAMLError: yaml: line 7: mapping values are not allo` +
			"wed in this context in File: apiVersion: v1\nkind: Secret\nmetadata:\n  name: smtp\nstringData:\n  <redacted:secret-data>",
	},
	{
		"kust-secretgen-env",
		`kustomize build failed: accumulating resources from 'secret.env': invalid line "export MAIL_PASS <redacted:password>": expected KEY=VALUE`,
	},
	{
		"kust-panic-map",
		`recovered from kustomize build panic: interface conversion: interface {} is map[string]interface {}, not string: map[string]interface {}{"DB` +
			`_PASSWORD":map[string]interface {}{<redacted:password>}}`,
	},
	{
		"kust-strategic",
		"kustomize build failed: trouble configuring builtin PatchTransformer with config: `\npatch: |-\n  - op: add\n    path: /data/token\n    value: <" +
			"redacted:token>\ntarget:\n  kind: Secret\n`: unable to parse SM or JSON patch",
	},
	{
		"kust-dup-key",
		`kustomize build failed: accumulating resources: mapping key "apiKey" already defined at line 12: 'apiKey: <redacted:api-key>'`,
	},
	{
		"ssa-secret-illegal",
		`Secret/apps/registry dry-run failed (Invalid): Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 8: da` +
			`ta: map[<redacted:secret-data>]`,
	},
	{
		"ssa-secret-typed",
		`Secret/apps/db dry-run failed: failed to create typed patch object (apps/db; /v1, Kind=Secret): .stringData.PGPASSWORD: expected string, got` +
			` &value.valueUnstructured{Value:<redacted:secret-data>}`,
	},
	{
		"ssa-env-typed",
		`Deployment/apps/api dry-run failed: failed to create typed patch object (apps/api; apps/v1, Kind=Deployment): .spec.template.spec.containers` +
			`[name="api"].env[name="REDIS_PASSWORD"].value: expected string, got &value.valueUnstructured{Value:<redacted:secret-data>}`,
	},
	{
		"ssa-duplicate-env",
		`Deployment/apps/api dry-run failed (Invalid): Deployment.apps "api" is invalid: spec.template.spec.containers[0].env[2]: Duplicate value: ma` +
			`p[string]interface {}{"name":"SMTP_PASSWORD", "value":"<redacted:password>"}`,
	},
	{
		"ssa-dockercfg",
		`Secret/apps/pull apply failed: Secret "pull" is invalid: data[.dockerconfigjson]: Invalid value: "<redacted:secret-data>": unexpected end of` +
			` JSON input`,
	},
	{
		"ssa-tls-key",
		`Secret/ingress/wild apply failed: data[tls.key]: Invalid value: "<redacted:secret-data>": tls: failed to find any PEM data`,
	},
	{
		"ssa-last-applied",
		`Secret/apps/mail apply failed: metadata.annotations: Invalid value: {"kubectl.kubernetes.io/last-applied-configuration":"{\"apiVersion\":\"v` +
			`1\",\"data\":\"<redacted:secret-data>\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"mail\"}}\n"}`,
	},
	{
		"webhook-gatekeeper",
		`Deployment/apps/api dry-run failed (Forbidden): admission webhook "validation.gatekeeper.sh" denied the request: [no-plain-secrets] containe` +
			`r <api> has env var <PAYMENT_API_KEY> <redacted:api-key>>`,
	},
	{
		"webhook-kyverno-arg",
		`Deployment/apps/worker dry-run failed (Forbidden): admission webhook "validate.kyverno.svc-fail" denied the request: policy no-args: arg --b` +
			`roker-password=<redacted:password> in container worker is not allowed`,
	},
	{
		"webhook-cnpg",
		`Cluster/db/pg dry-run failed (Forbidden): admission webhook "vcluster.cnpg.io" denied the request: spec.bootstrap.initdb.secret: Invalid val` +
			`ue: <redacted:secret-data>"password":[]byte{0x68, 0x75}, "username":nil}, StringData:map[string]string{<redacted:secret-data>}}`,
	},
	{
		"webhook-cel",
		`ConfigMap/apps/cfg dry-run failed (Invalid): ValidatingAdmissionPolicy 'no-secrets' with binding 'all' denied request: data.DATABASE_URL mus` +
			`t not hold credentials: <redacted:secret>`,
	},
	{
		"drift-dump",
		`Secret/apps/oauth configured, changed fields: -data.client-secret: <redacted:secret> +data.client-secret: <redacted:secret>`,
	},
	{
		"sops-age-key",
		`error decrypting sources: failed to decrypt and decode data: cannot get sops data key: Error unwrapping key: failed to parse age identity <r` +
			`edacted:age-key>: malformed secret key`,
	},
	{
		"sops-mac",
		`decryption failed for 'db': failed to verify sops data integrity: expected mac "", got "<redacted:base64>"; tree: [{"Key":"stringData","Valu` +
			`e":[{"Key":"password","Value":"<redacted:password>"}]}]`,
	},
	{
		"sops-yaml-plain",
		"error decrypting sources: Error unmarshalling input yaml: yaml: line 4: found character that cannot start any token: \n   2 | stringData:\n   " +
			`<redacted:secret-data>`,
	},
	{
		"sops-gpg-import",
		`cannot import 'flux-system/sops-gpg' data from 'sops.asc': openpgp: invalid data: <redacted:pem>`,
	},
	{
		"sops-vault-token",
		`Error getting data key: failed to decrypt sops data key with Vault: Put "https://vault.example.net:8200/v1/sops/decrypt/fleet": invalid head` +
			`er field value "<redacted:header-value>" for key X-Vault-Token`,
	},
	{
		"sops-kms-env",
		"cannot get sops decryption Secret: failed to decode sops.aws-kms: yaml: unmarshal errors: line 2: cannot unmarshal !!str `<redacted:secret>`" +
			` into credentials; aws_secret_access_key: <redacted:secret>`,
	},
	{
		"sops-azkv",
		"failed to import 'flux-system/azkv' data from 'sops.azure-kv': tenantId: 3c1f0c8e-1111-4222-8333-9d0e0c0a0b01\nclientId: 6b1e7e0a-2222-4333-8" +
			"444-555566667777\nclientSecret: <redacted:secret>\n: failed to unmarshal",
	},
	{
		"helm-tpl-fail",
		`Helm install failed for release apps/mysql.v1 with chart mysql@11.1.0: execution error at (mysql/templates/NOTES.txt:12:4): PASSWORDS ERROR:` +
			` the provided password '<redacted:password>' for 'auth.rootPassword' does not meet the policy`,
	},
	{
		"helm-schema",
		`Helm upgrade failed for release apps/api.v4 with chart api@1.2.0: values don't meet the specifications of the schema(s) in the following cha` +
			"rt(s):\napi:\n- auth.token: Does not match pattern '^[a-z]{3}$': \"<redacted:base64>\"",
	},
	{
		"helm-values-merge",
		`could not resolve Secret chart values reference 'apps/api-values' with key 'values.yaml': unable to parse key value pair "auth.password=<red` +
			`acted:password>": key "agon" has no value`,
	},
	{
		"helm-values-yaml",
		`could not resolve Secret chart values reference 'apps/api-values' with key 'values.yaml': yaml: line 3: found unexpected end of stream: "aut` +
			`h:\n  user: api\n  pass: \"<redacted:password>"`,
	},
	{
		"helm-tojson",
		`template: api/templates/secret.yaml:9:20: executing "api/templates/secret.yaml" at <b64enc>: wrong type for value; expected string; got map[` +
			`string]interface {}: map[apiToken:<redacted:token> enabled:true]`,
	},
	{
		"helm-yaml-conv",
		`Helm upgrade failed: YAML parse error on api/templates/secret.yaml: error converting YAML to JSON: yaml: line 8: did not find expected key: ` +
			`7:   SESSION_SECRET: "<redacted:secret>"`,
	},
	{
		"helm-patch",
		`Helm upgrade failed: cannot patch "api" with kind Secret: Secret "api" is invalid: stringData.cookie-secret: Invalid value: "<redacted:secre` +
			`t-data>": field is immutable`,
	},
	{
		"helm-quantity",
		`cannot patch "api" with kind Deployment: quantities must match the regular expression: unrecognized type: string: decoder.skipThreeBytes: ex` +
			`pect ull, error found in #10 byte of ...|<redacted:secret-data>|..., bigger context ...|<redacted:secret-data>|...`,
	},
	{
		"helm-bool-env",
		`Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.c` +
			`ontainers.env.value of type string: "env":[{"name":"PGPASSWORD","value":<redacted:password>}]`,
	},
	{
		"helm-repo-creds",
		`failed to fetch Helm repository index: failed to cache index to temporary file: failed to fetch https://<redacted:url-userinfo>@artifacts.ex` +
			`ample.net/artifactory/api/helm/charts/index.yaml : 403 Forbidden`,
	},
	{
		"helm-repo-secret",
		`failed to construct Helm client: invalid 'HelmRepository' secret data: &{Username:deploy Password:<redacted:password> CertFile: KeyFile:}`,
	},
	{
		"helm-chart-url",
		`chart pull error: failed to download chart for remote reference: Get "https://charts.example.net/api-1.2.0.tgz?access_token=<redacted:token>` +
			`": context deadline exceeded`,
	},
	{
		"helm-hook-log-pg",
		"Helm upgrade failed: pre-upgrade hooks failed: 1 error occurred:\n\t* job api-migrate failed: BackoffLimitExceeded\npsql: error: connection to " +
			`server at "db.example.svc" (10.0.0.4), port 5432 failed: FATAL: password authentication failed for user "api" (PGPASSWORD=<redacted:password` +
			`>)`,
	},
	{
		"helm-hook-liquibase",
		`job failed: liquibase --url=jdbc:postgresql://db.example.svc/app --username=app --password=<redacted:password> update: Exit Code: 1`,
	},
	{
		"helm-hook-mongo",
		`MongoServerSelectionError: connection timed out: mongodb+srv://<redacted:url-userinfo>@cluster0.example.net/app?retryWrites=true&w=majority`,
	},
	{
		"helm-hook-mysql",
		`mysqldump: Got error: 1045: Access denied for user 'backup'@'10.0.3.4' (using password: YES) when trying to connect; command was mysqldump -` +
			`hdb -ubackup <redacted:password> --all-databases`,
	},
	{
		"helm-hook-rails",
		`ActiveRecord::AdapterNotSpecified: {"adapter"=>"postgresql", "host"=>"db", "username"=>"app", "password"=>"<redacted:password>"=>"app"}`,
	},
	{
		"helm-hook-django",
		`django.core.exceptions.ImproperlyConfigured: {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'app', 'USER': 'app', 'PASSWORD': '<redacte` +
			`d:password>', 'HOST': 'db'}`,
	},
	{
		"helm-hook-flyway",
		`ERROR: Unable to obtain connection from database (jdbc:sqlserver://db.example;user=app;password=<redacted:password>;databaseName=app) for us` +
			`er 'app'`,
	},
	{
		"helm-hook-spring",
		`Caused by: java.lang.IllegalArgumentException: Could not resolve placeholder in value "${DB_PW}" spring.datasource.password=<redacted:passwo` +
			`rd>`,
	},
	{
		"helm-hook-redis",
		`WRONGPASS invalid username-password pair or user is disabled. url=rediss://<redacted:url-userinfo>@cache.example:6380/0`,
	},
	{
		"helm-hook-amqp",
		`pika.exceptions.ProbableAuthenticationError: ConnectionClosedByBroker: (403) for amqp://<redacted:url-userinfo>@rabbit.apps.svc:5672/%2F`,
	},
	{
		"helm-test-curl",
		"Helm test failed for release apps/api.v4: pod api-test failed: + curl -fsS -H 'X-Api-Key: <redacted:api-key>' http://api/healthz\ncurl: (22) " +
			`The requested URL returned error: 401`,
	},
	{
		"vault-approle",
		`Error making API request. URL: PUT https://vault.example.net/v1/auth/approle/login Code: 400. Errors: * invalid role or secret ID; payload {` +
			`"role_id":"ad69a38b-edc1-4097-b653-60844254aec5","secret_id":"<redacted:secret>"}`,
	},
	{"vault-k8s-login", `Code: 403 permission denied, data: map[<redacted:secret-data>]`},
	{
		"vault-lease",
		`vault: cannot renew: &api.Secret{RequestID:"51ccb807", LeaseID:"<redacted:base64>", Data:map[string]interface {}{<redacted:secret-data>}}`,
	},
	{
		"nc-slack",
		`postMessage failed: failed to execute request: Post "https://hooks.slack.<redacted:base64>": context deadline exceeded`,
	},
	{
		"nc-slack-real",
		`failed to send notification: postMessage failed: Post "https://hooks.slack.<redacted:base64>": EOF`,
	},
	{
		"nc-teams",
		`failed to send notification: Post "https://prod-17.westeurope.logic.azure.com:443/workflows/<redacted:webhook>?api-version=2016-06-01&sp=%2F` +
			`triggers%2Fmanual%2Frun&sv=1.0&sig=<redacted:signature>": 429`,
	},
	{
		"nc-discord",
		`failed to send notification: request failed with status code 404: {"message": "Unknown Webhook"} https://discord.<redacted:base64>`,
	},
	{
		"nc-telegram",
		`failed to send notification: Post "https://api.telegram.org/bot<redacted:webhook>": dial tcp: i/o timeout`,
	},
	{
		"nc-opsgenie",
		`failed to send notification: request &{POST https://api.opsgenie.example/v2/alerts map[Authorization:[<redacted:authorization>] Content-Type` +
			`:[application/json]]}: 422`,
	},
	{
		"nc-pagerduty",
		`failed to send notification: {"routing_key":"<redacted:secret>","event_action":"trigger","dedup_key":""}: 400 Bad Request`,
	},
	{
		"nc-datadog",
		`failed to initialize provider: failed to validate: map[api_key:<redacted:api-key> address:https://api.datadoghq.example]: 403`,
	},
	{
		"nc-matrix",
		`failed to send notification: PUT https://matrix.example.org/_matrix/client/r0/rooms/!x:example.org/send/m.room.message/1?access_token=<redac` +
			`ted:token>: M_UNKNOWN_TOKEN`,
	},
	{
		"nc-grafana",
		`failed to send notification: 401 {"message":"Invalid API key"} using Bearer <redacted:authorization>`,
	},
	{
		"nc-sentry",
		`failed to initialize provider: [Sentry] DsnParseError: invalid scheme in https//<redacted:url-userinfo>@o12.ingest.sentry.example/42`,
	},
	{
		"nc-nats",
		`failed to send notification: nats: Authorization Violation nats://<redacted:url-userinfo>@nats.example.svc:4222`,
	},
	{
		"nc-eventhub",
		`failed to create eventhub: invalid connection string Endpoint=sb://acme.servicebus.example/;SharedAccessKeyName=flux;SharedAccessKey=<redact` +
			`ed:secret>;EntityPath=flux`,
	},
	{
		"nc-github-dispatch",
		`could not call endpoint: POST https://api.github.example.com/repos/acme/fleet/dispatches: 401 Bad credentials [] token=<redacted:token>`,
	},
	{
		"nc-receiver-path",
		`unable to validate payload for /hook/<redacted:webhook>: the 'X-Gitlab-Token' header value does not match the secret: got "<redacted:secret>` +
			`"`,
	},
	{
		"nc-smtp",
		`alertmanager: dial smtp://<redacted:url-userinfo>@smtp.example.org:587: 535 5.7.8 Username and Password not accepted`,
	},
	{
		"smtp-auth-plain",
		`535 5.7.8 Authentication credentials invalid after: AUTH PLAIN <redacted:authorization>`,
	},
	{
		"smtp-login",
		">>> AUTH LOGIN\n<<< 334 VXNlcm5hbWU6\n>>> <redacted:base64>\n<<< 334 UGFzc3dvcmQ6\n>>> <redacted:password>\n<<< 535 Error: authentication failed",
	},
	{
		"kubeconfig-secret",
		"failed to build kube client: error loading kubeconfig: yaml: line 14:\nusers:\n- name: flux\n  user:\n    client-certificate-data: <redacted:bas" +
			"e64>\n    client-key-data: <redacted:secret>\n    token: <redacted:token>\n: mapping values are not allowed",
	},
	{
		"kube-bearer",
		`service account impersonation failed: Get "https://10.0.0.1:443/api": rest.Config{Host:"https://10.0.0.1:443", Username:"", Password:"", Bea` +
			`rerToken:"<redacted:token>", BearerTokenFile:""}`,
	},
	{
		"kube-basic",
		`remote cluster: Unauthorized: rest.Config{Host:"https://10.9.0.1:6443", Username:"admin", Password:"<redacted:password>", BearerToken:""}`,
	},
	{
		"unicode-pass",
		`unable to clone 'https://<redacted:url-userinfo>@scm.example.net/ops/fleet': authentication required`,
	},
	{
		"json-in-json",
		`failed to dispatch notification: {"error":"{\"request\":{\"headers\":{\"Authorization\":\"<redacted:authorization>\",\"Cookie\":\"<redacted:` +
			`cookie>\"}},\"status\":401}"}`,
	},
	{
		"jjj",
		`failed: "{\"cause\":\"{\\\"db\\\":{\\\"user\\\":\\\"app\\\",\\\"password\\\":\\\"<redacted:password>\\\"}}\"}"`,
	},
	{"go-any-in-any", `unexpected: map[string]any{"apiToken":map[string]string{<redacted:token>}}`},
	{"quotes-in-quotes", `line 8: did not find expected key: password: "<redacted:password>"`},
	{"quotes-early", `yaml: line 4: did not find expected key: password: "<redacted:password>`},
	{"smtp-swaks", "<-  334 UGFzc3dvcmQ6\n -> <redacted:password>\n<-  535 5.7.8 Error: authentication failed"},
	{"smtp-python", "reply: b'334 UGFzc3dvcmQ6\\r\\n'\nsend: '<redacted:password>\\r\\n'"},
	{
		"nc-gchat",
		`failed to send notification: request failed with status code 400: https://chat.googleapis.example/v1/spaces/AAAAx1y2/messages?key=<redacted:` +
			`secret>&token=<redacted:token>`,
	},
	{
		"nc-lark",
		`failed to send notification: Post "https://open.feishu.example/open-apis/bot/v2/hook/<redacted:webhook>": dial tcp: lookup open.feishu.examp` +
			`le: no such host`,
	},
	{
		"nc-dingtalk",
		`failed to send notification: {"errcode":310000,"errmsg":"sign not match"} url=https://oapi.dingtalk.example/robot/send?access_token=<redacte` +
			`d:token>`,
	},
	{
		"nc-wecom",
		`failed to send notification: Post "https://qyapi.weixin.example/cgi-bin/webhook/send?key=<redacted:secret>": EOF`,
	},
	{"nc-rocket", `failed to send notification: POST https://chat.example.<redacted:base64>: 404 Not Found`},
	{
		"nc-mattermost",
		`failed to send notification: Post "https://mm.example.net/hooks/<redacted:webhook>": x509: certificate has expired`,
	},
	{
		"nc-zulip",
		`failed to send notification: request &{Method:POST URL:https://zulip.example.net/api/v1/messages Header:map[Authorization:[<redacted:authori` +
			`zation>]]}: 401`,
	},
	{"nc-webex", `failed to send notification: status 401 for token <redacted:token>`},
	{
		"nc-alertmanager",
		`failed to send notification: Post "https://<redacted:url-userinfo>@alertmanager.example.net/api/v2/alerts/": context deadline exceeded`,
	},
	{
		"nc-gotify",
		`failed to send notification: Post "https://push.example.net/message?token=<redacted:token>": connection refused`,
	},
	{
		"nc-ntfy",
		`forwarding event failed: 403 Forbidden: {"code":40301} for https://ntfy.example.net/flux?auth=<redacted:authorization>`,
	},
	{
		"nc-ghstatus",
		`failed to initialize provider: could not list GitHub statuses: GET https://api.github.example.com/repos/acme/fleet/commits/f9a30910420d66af7` +
			`ad34b692759392daa83c5a9/statuses: 401 Bad credentials; Authorization=[<redacted:authorization>]`,
	},
	{
		"nc-glstatus",
		`failed to send notification: POST https://gitlab.example.net/api/v4/projects/acme%2Ffleet/statuses/4aa4ba23c92f33f2f0b373a303573d34e7825948:` +
			` 401 {message: 401 Unauthorized} (PRIVATE-TOKEN: <redacted:token>)`,
	},
	{
		"nc-bbstatus",
		`failed to initialize provider: invalid token format, expected to be <user>:<password>, got <redacted:secret>`,
	},
	{
		"nc-azdo",
		`failed to send notification: TF400813: The user '' is not authorized, Basic <redacted:authorization>`,
	},
	{
		"nc-headers-secret",
		"failed to read headers from secret: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str `<redacted:secret>` into map[string]string\nhead" +
			"ers: |\n  Authorization: <redacted:authorization>\n  X-Forwarded-Proto: https",
	},
	{
		"fo-inputs",
		`failed to evaluate inputs: expression "inputs.auth" failed: no such key: secret in map[id:42 name:shop <redacted:token>]`,
	},
	{
		"fo-rsip-gitlab",
		`ResourceSetInputProvider/apps/prs failed to list merge requests: Get "https://gitlab.example.net/api/v4/projects/7/merge_requests?private_to` +
			`ken=<redacted:token>&state=opened": 503`,
	},
	{
		"fo-web-oidc",
		`web: failed to exchange token: oauth2: "invalid_client" "Client authentication failed" Response: {"client_id":"flux-web","client_secret":"<r` +
			`edacted:secret>"}`,
	},
	{"fo-web-cookie", `web: securecookie: the value is not valid: flux-session=<redacted:session>`},
	{
		"rec-pubsub",
		`unable to validate payload: cannot verify the authenticity of the request: id token <redacted:token> has wrong audience`,
	},
	{
		"rec-harbor",
		`unable to validate payload: the Harbor Authorization header value does not match the receiver token: got '<redacted:secret>'`,
	},
	{
		"tf-plan",
		"error running Plan: rpc error: code = Internal desc = Error: Invalid provider configuration\n\n  on provider.tf line 4, in provider \"postgresq" +
			"l\":\n   4:   password = \"<redacted:password>\"\n\nexpected a valid host",
	},
	{
		"tf-vars",
		"error running Apply: exit status 1: Error: Invalid value for input variable: terraform.tfvars line 2: db_password = \"<redacted:password>\"\n\nm" +
			`ust have 12 characters`,
	},
	{
		"tf-var-env",
		`terraform init: unsetting TF_VAR_master_password=<redacted:password> and TF_TOKEN_app_example_io=<redacted:terraform-token>`,
	},
	{
		"tf-backend",
		`Error: Failed to get existing workspaces: containers.Client#ListBlobs: -backend-config=access_key=<redacted:secret> -backend-config=containe` +
			`r_name=state`,
	},
	{
		"tf-cli-config",
		`Error: Invalid CLI configuration: credentials "app.example.io" { token = "<redacted:token>" }`,
	},
	{
		"eso-doppler-2",
		`could not get secret data from provider: error: unauthorized, token <redacted:token> is not valid`,
	},
	{"eso-1password", `error using onepassword: connect token <redacted:token> rejected`},
	{
		"eso-template-2",
		`could not execute template: unable to execute template at key config.yaml: template: config.yaml:3:12: executing "config.yaml" at <.password` +
			` | b64dec>: error calling b64dec: illegal base64 data at input byte 4: input was "<redacted:secret>"`,
	},
	{"eso-akeyless-2", `unable to authenticate: accessId p-cxm4p3xdqgho accessKey <redacted:secret>`},
	{
		"cm-cloudflare-2",
		`error presenting challenge: while querying the Cloudflare API for GET "/zones?name=example.net"; Authorization: <redacted:authorization>`,
	},
	{
		"cm-route53",
		`error presenting challenge: failed to determine Route 53 hosted zone ID: operation error Route 53, accessKeyID: <redacted:secret>, secretAcc` +
			`essKey=<redacted:secret>: SignatureDoesNotMatch`,
	},
	{
		"cm-acme-eab",
		`Failed to register ACME account: externalAccountBinding: keyID: kid-1, key: <redacted:secret>: hmac key decode failed`,
	},
	{
		"cm-rfc2136",
		`error presenting challenge: error using TSIG key flux. secret <redacted:secret>: dns: bad authentication`,
	},
	{
		"cm-vault",
		`Failed to initialise: error reading token from auth method: map[role_id:3e5c76fb-6808-4981-85a3-e30ecfbd7f76 secret_id:<redacted:secret>]`,
	},
	{
		"edns-pdns",
		`Failed to fetch records: Get "http://pdns.example.net:8081/api/v1/servers/localhost/zones": 401; --pdns-api-key=<redacted:api-key>`,
	},
	{
		"edns-akamai",
		`akamai: EdgeGrid config invalid: client_token=<redacted:token> client_secret=<redacted:secret> access_token=<redacted:token>`,
	},
	{
		"xp-creds",
		`cannot initialize the Terraform plugin SDK async external client: cannot get terraform setup: cannot unmarshal helm credentials as JSON: inv` +
			`alid character 'p' in {"username": "admin", password: "<redacted:password>"}`,
	},
	{
		"xp-connection",
		`cannot publish connection details: map[endpoint:[100 98] password:[<redacted:password>] username:[97 112 112]]`,
	},
	{
		"capi-userdata",
		`failed to create bootstrap data: cloud-init write_files content: kubeadm join 10.0.0.9:6443 --token <redacted:token> --discovery-token-ca-ce` +
			`rt-hash sha256:9facb831c76c0d5afc2ae27e38d04c8ed15e225593a9a3d703d817bebc89b75b`,
	},
	{
		"capi-certkey",
		`error execution phase: kubeadm join 10.0.0.9:6443 --control-plane --certificate-key <redacted:secret>`,
	},
	{
		"capv",
		`unable to create session: ServerFaultCode: Cannot complete login: url https://<redacted:url-userinfo>@vc.example.net/sdk`,
	},
	{
		"capo",
		`failed to create openstack client: clouds.yaml: auth: {auth_url: https://keystone.example.net:5000/v3, username: capo, password: <redacted:p` +
			`assword>, project_name: k8s}`,
	},
	{
		"velero-restic",
		`error running command=restic backup --repo=s3:s3-eu.example.net/velero --password-file=/tmp/x: RESTIC_PASSWORD=<redacted:password> wrong pas` +
			`sword`,
	},
	{
		"velero-azure",
		"rpc error: code = Unknown desc = AZURE_STORAGE_ACCOUNT_ACCESS_KEY=<redacted:secret>\nAZURE_CLOUD_NAME=AzurePublicCloud",
	},
	{
		"keda-rabbit",
		`error establishing RabbitMQ connection: Exception (403) Reason: "username or password not allowed" amqps://<redacted:url-userinfo>@rabbit.ex` +
			`ample.net:5671/vhost`,
	},
	{
		"keda-sb",
		`error parsing azure service bus metadata: Endpoint=sb://acme.servicebus.example/;SharedAccessKeyName=keda;SharedAccessKey=<redacted:secret>:` +
			` invalid connection string`,
	},
	{"keda-mysql", `error pinging mysql: Error 1045: <redacted:url-userinfo>@tcp(mysql.example.svc:3306)/jobs`},
	{
		"keda-trigger",
		`triggerMetadata: map[bearerAuth:true bearerToken:<redacted:token> serverAddress:http://prom.example.svc:9090]`,
	},
	{
		"kafka-jaas-2",
		`org.apache.kafka.common.config.ConfigException: Invalid value org.apache.kafka.common.security.scram.ScramLoginModule required username="app` +
			`" password="<redacted:password>"; for configuration sasl.jaas.config`,
	},
	{
		"kafka-props",
		`ERROR invalid config: security.protocol=SASL_SSL, sasl.username=app, sasl.password=<redacted:password>, ssl.key.password=<redacted:password>`,
	},
	{"strimzi-2", `Reconciliation #12 failed: KafkaUser password: <redacted:password> does not match regex`},
	{
		"es-curl",
		`+ curl -sS -u '<redacted:password>' -XPUT https://es.example.svc:9200/_security/user/app -d '{"password":"<redacted:password>","roles":["app` +
			`"]}'`,
	},
	{
		"es-apikey",
		`security_exception: [unable to authenticate with provided credentials] ApiKey <redacted:authorization>`,
	},
	{
		"mongo-user",
		`MongoServerError: command createUser failed: { createUser: "app", pwd: "<redacted:password>", roles: [ "readWrite" ] }`,
	},
	{"redis-acl", `ERR Error in ACL SETUSER modifier '><redacted:password>': Syntax error`},
	{
		"redis-url-pct",
		`redis: can't parse redis://<redacted:url-userinfo>@cache.example.svc:6379/x: invalid database number`,
	},
	{
		"pg-alter",
		"ERROR:  syntax error at or near \"WIHT\"\nSTATEMENT:  ALTER ROLE app WIHT PASSWORD '<redacted:password>' VALID UNTIL 'infinity'",
	},
	{"pg-scram", `ERROR: role has SCRAM secret <redacted:secret>, expected md5`},
	{
		"pg-dsn-kv-q",
		"cannot parse `host=db.example.svc user=app password=<redacted:password> sslmode=maybe`: invalid sslmode",
	},
	{
		"snowflake-2",
		`snowflake: 390100 (08004): Incorrect username or password was specified. dsn=<redacted:secret>`,
	},
	{
		"clickhouse-2",
		`Code: 516. DB::Exception: app: Authentication failed: clickhouse-client --host ch.example.svc --user app --password <redacted:password>`,
	},
	{"influx-2", `error: 401 Unauthorized: INFLUX_TOKEN: <redacted:token>`},
	{
		"cassandra-2",
		`cqlsh -u cassandra -p <redacted:password> cassandra.example.svc: AuthenticationFailed('Failed to authenticate')`,
	},
	{
		"oracle",
		`ORA-01017: invalid username/password; logon denied: sqlplus app/<redacted:password>@//db.example.net:1521/PDB1`,
	},
	{
		"mssql",
		`Login failed for user 'sa'. ClientConnectionId:4737a27b-92fa-4ced-81c1-d967863b78ed Server=tcp:sql.example.net,1433;User ID=sa;Password=<red` +
			`acted:password>;Encrypt=True`,
	},
	{
		"ldap-2",
		`ldap_bind: Invalid credentials (49): ldapsearch -x -H ldap://ldap.example.svc -D cn=admin,dc=example,dc=net -w <redacted:password>`,
	},
	{
		"keycloak-json",
		`realm import failed: {"clientId":"shop","clientAuthenticatorType":"client-secret","secret":"<redacted:secret>","redirectUris":["*"]}`,
	},
	{
		"grafana-ini",
		"failed to parse /etc/grafana/grafana.ini: key-value delimiter not found: [smtp]\npassword = \"\"\"<redacted:password>\"\"\"\nfrom_address",
	},
	{
		"minio-mc",
		`mc: <ERROR> Unable to initialize new alias from the provided credentials: mc alias set prod https://minio.example.svc <redacted:secret> <red` +
			`acted:secret>`,
	},
	{"harbor-robot", `error: denied: robot account robot$flux+pull with secret <redacted:secret> is disabled`},
	{"nexus-npmrc", `npm error code E401 //nexus.example.net/repository/npm/:_authToken=<redacted:token>`},
	{"npm-auth", `npm error //registry.example.net/:_auth=<redacted:authorization> always-auth=true`},
	{
		"maven-settings",
		`[FATAL] Non-parseable settings .m2/settings.xml: <server><id>nexus</id><username>ci</username><password><redacted:password></password>`,
	},
	{
		"pip-index",
		`ERROR: 401 Client Error: Looking in indexes: https://<redacted:url-userinfo>@pypi.example.net/simple`,
	},
	{"artifactory-hdr", `X-JFrog-Art-Api: <redacted:artifactory-token> rejected with 401`},
	{
		"gerrit-http",
		`fatal: unable to access 'https://gerrit.example.net/a/fleet/': The requested URL returned error: 401, http.password=<redacted:password>`,
	},
	{
		"codecommit-2",
		`fatal: unable to access 'https://<redacted:url-userinfo>@git-codecommit.example/v1/repos/fleet/': 403`,
	},
	{
		"gitea-api",
		`Get "https://gitea.example.net/api/v1/repos/acme/fleet?token=<redacted:token>": 404 page not found`,
	},
	{
		"oauth2proxy-2",
		`[2026/11/27 08:00:01] [main.go:59] invalid configuration: cookie_secret must be 16, 24, or 32 bytes to create an AES cipher, but is 20 bytes` +
			`: <redacted:secret>`,
	},
	{
		"dex-2",
		`failed to initialize server: server: Failed to open connector ldap: bindPW: <redacted:password>: no such host`,
	},
	{
		"nginx-access",
		`10.1.2.3 - - [27/Nov/2026:08:00:01 +0000] "GET /cb?code=<redacted:secret>&state=xyz HTTP/1.1" 302 0 "-" "Mozilla/5.0"`,
	},
	{
		"nginx-htpasswd",
		`2026/11/27 08:00:01 [error] 29#29: *1 user "ops": password mismatch, file "/etc/nginx/htpasswd": ops:<redacted:password-hash>`,
	},
	{
		"grpc-md",
		`rpc error: code = Unauthenticated desc = metadata: map[:authority:[relay.example.net] authorization:[<redacted:authorization>] content-type:` +
			`[application/grpc]]`,
	},
	{"envoy-jwt", `Jwt verification fails: <redacted:jwt>`},
	{
		"squid",
		`1764230401.123 0 10.0.0.3 TCP_DENIED/407 3890 CONNECT scm.example.net:443 - HIER_NONE/- Proxy-Authorization:<redacted:authorization>`,
	},
	{"wireguard-2", `Unrecognized line: [Interface] PrivateKey = <redacted:secret>`},
	{
		"ssh-sshpass",
		`+ sshpass -p <redacted:password> scp backup.tgz ops@nas.example.net:/: Permission denied, please try again.`,
	},
	{
		"rsync",
		`RSYNC_PASSWORD=<redacted:password> rsync -a /data rsync://bk@nas.example.net/data: @ERROR: auth failed on module data`,
	},
	{
		"smb-2",
		`mount error(13): mount -t cifs -o username=svc,password=<redacted:password>,vers=3.0 //nas.example.net/share /mnt`,
	},
	{
		"csi-smb",
		`rpc error: code = Internal desc = volume(x) mount failed: mounting arguments: -t cifs -o domain=CORP,user=svc,pass=<redacted:password> //nas` +
			`.example.net/s /var/lib/kubelet/x`,
	},
	{
		"cloud-sql-proxy",
		`instance connection name acme:eu:db: dial error: postgres://<redacted:url-userinfo>@127.0.0.1:5432/app?sslmode=disable`,
	},
	{"sealed-2", `no key could decrypt secret (password): <redacted:base64>`},
	{
		"ansible",
		`fatal: [db1]: FAILED! => {"changed": false, "invocation": {"module_args": {"login_password": "<redacted:password>", "login_user": "root"}}}`,
	},
	{
		"salt-py",
		`TypeError: connect() got an unexpected keyword argument 'pasword': kwargs={'user': 'app', 'password': '<redacted:password>', 'host': 'db'}`,
	},
	{
		"node-env",
		`Error: Config validation error: "JWT_SECRET" length must be at least 32 characters long, received '<redacted:secret>'`,
	},
	{
		"zod",
		`[{"code":"too_small","minimum":16,"path":["SESSION_SECRET"],"message":"String must contain at least 16 character(s)","input":"<redacted:secr` +
			`et>"}]`,
	},
	{
		"dotnet",
		`Unhandled exception. System.FormatException: The connection string 'Host=db;Username=app;Password=<redacted:password>' is invalid`,
	},
	{
		"go-url-parse",
		`parse "postgres://<redacted:url-userinfo>@db.example.svc:5432/app": net/url: invalid userinfo`,
	},
	{
		"viper",
		`* 'auth.tokens[0]' expected type 'string', got unconvertible type '<redacted:secret>', value: 'map[key:<redacted:secret> user:ci]'`,
	},
	{"b64-yaml", `failed to decode values: cannot parse base64 document: <redacted:base64>`},
	{"b64-env", `exec failed: env: <redacted:base64>: invalid line`},
	{
		"multi-env",
		"envFrom dump:\nAPP_ENV=prod\nAPP_SECRET=<redacted:secret>\nDATABASE_URL=postgresql://<redacted:url-userinfo>@db:5432/app?serverVersion=16\nMAILE" +
			"R_DSN=<redacted:secret>\nTRUSTED_HOSTS=x",
	},
	{
		"pydantic",
		"1 validation error for Settings\ndb_password\n  String should have at least 16 characters [type=string_too_short, input_value='<redacted:secre" +
			`t>', input_type=str]`,
	},
	{
		"pydantic-json",
		`[{"type":"string_too_short","loc":["db_password"],"msg":"String should have at least 16 characters","input":"<redacted:secret>","ctx":{"min_` +
			`length":16}}]`,
	},
	{"zod-enum", `[{"input":"<redacted:secret>","code":"invalid_value","options":["a"],"path":["API_TOKEN"]}]`},
	{
		"rejected-value",
		`Field error in object 'app' on field 'password': rejected value [<redacted:password>]; codes [Size.app.password]; default message [size must` +
			` be between 16 and 64]`,
	},
	{
		"envconfig-converting",
		`envconfig.Process: assigning APP_TOKEN to Token: converting '<redacted:secret>' to type int. details: strconv.ParseInt: parsing "<redacted:s` +
			`ecret>": invalid syntax`,
	},
	{
		"redis-users-acl",
		`Error loading ACLs: /etc/redis/users.acl:2: user app on ><redacted:password> ~* +@all: Unknown command`,
	},
	{"redis-setuser", `10.0.0.4:6379> ACL SETUSER app on ><redacted:password> ~* +@all`},
	{
		"mysql-plugin-by",
		`You have an error in your SQL syntax near 'IDENTIFIED WITH caching_sha2_password BY '<redacted:password>'' at line 1`,
	},
	{
		"ci-variables",
		`variables: [{"value":"<redacted:password>","key":"DB_PASSWORD"},{"value":"eu","key":"REGION"}]`,
	},
	{
		"kust-image-cred",
		`kustomize build failed: accumulating resources: accumulateFile "accumulating resources from 'https://<redacted:url-userinfo>@gitlab.example.` +
			`net/platform/base//apps?ref=v1': evalsymlink failure", accumulateDirectory: "couldn't make target"`,
	},
	{
		"kust-remote-git",
		`hit 27s timeout running '/usr/bin/git fetch --depth=1 https://<redacted:url-userinfo>@git.example.net/base v1'`,
	},
	{
		"ssa-conflict-val",
		`Secret/apps/db apply failed: Apply failed with 1 conflict: conflict with "kubectl-edit" using v1: .stringData.password (currently <redacted:` +
			`password>)`,
	},
	{
		"ssa-quantity",
		`StatefulSet/db/pg dry-run failed (BadRequest): StatefulSet in version "v1" cannot be handled as a StatefulSet: strict decoding error: unknow` +
			`n field "spec.template.spec.containers[0].env[0].POSTGRES_PASSWORD=<redacted:password>"`,
	},
	{
		"cel-health",
		`failed to evaluate the healthCheckExprs: no such key: status in object map[apiVersion:x.example.io/v1 kind:Db spec:map[adminPassword:<redact` +
			`ed:password> size:10Gi]]`,
	},
	{
		"webhook-ingress",
		`admission webhook "validate.nginx.ingress.kubernetes.io" denied the request: nginx: [emerg] invalid number of arguments in "proxy_set_header` +
			`" directive: proxy_set_header Authorization "Basic <redacted:authorization>" extra;`,
	},
	{
		"webhook-certmgr",
		`admission webhook "webhook.cert-manager.io" denied the request: spec.acme.solvers[0].dns01.webhook.config: Invalid value: "{\"apiKey\":\"<re` +
			`dacted:api-key>\",\"zone\":\"x\"}": inline keys are not allowed`,
	},
	{
		"webhook-istio",
		`admission webhook "validation.istio.io" denied the request: configuration is invalid: Envoy filter: bad value in jwt <redacted:token>`,
	},
	{
		"webhook-linkerd",
		`admission webhook "vault.hashicorp.com" denied the request: error validating agent configuration: annotation vault.hashicorp.com/agent-injec` +
			`t-token=<redacted:token> not allowed`,
	},
	{
		"crd-pattern",
		`Cluster.postgresql.cnpg.io "pg" is invalid: spec.superuserPassword: Invalid value: "<redacted:secret-data>": spec.superuserPassword in body ` +
			`should match '^[A-Za-z0-9]{16,}$'`,
	},
	{
		"crd-enum",
		`Grafana.grafana.integreatly.org "g" is invalid: spec.config.security.admin_password: Unsupported value: "<redacted:secret>": supported value` +
			`s: "a"`,
	},
	{
		"crd-type",
		`HelmRelease.helm.toolkit.fluxcd.io "api" is invalid: spec.values.auth.password: Invalid value: "<redacted:secret-data>": spec.values.auth.pa` +
			`ssword in body must be of type string: "<redacted:password>"`,
	},
	{
		"helm-diff",
		"helm diff: apps, api, Secret (v1) has changed:\n  data:\n-   token: <redacted:token>\n+   token: <redacted:token>",
	},
	{
		"helm-lookup-2",
		`execution error at (api/templates/_helpers.tpl:12:4): password mismatch: existing "<redacted:secret>" differs from supplied "<redacted:secre` +
			`t>"`,
	},
	{
		"helm-required",
		`execution error at (app/templates/cm.yaml:3:8): smtp url smtp://<redacted:url-userinfo>@smtp.example.net must use smtps`,
	},
	{
		"helm-envsubst",
		`values: {"extraEnv":[{"name":"SPRING_DATASOURCE_PASSWORD","value":<redacted:password>}]}: got number, want string`,
	},
	{
		"hc-pod-log",
		`health check failed: Deployment/apps/api status: 'Failed': container api terminated (1): panic: dial mongodb://<redacted:url-userinfo>@mongo` +
			`:27017: auth error`,
	},
	{
		"hc-event",
		`Warning Failed kubelet Error: failed to start container: exec: "/bin/app --db-pass=<redacted:password>": no such file or directory`,
	},
	{
		"hc-probe",
		`Readiness probe errored: exec ["redis-cli","-a","<redacted:password>","ping"]: command timed out`,
	},
	{
		"hc-probe2",
		`Liveness probe failed: mysqladmin: connect to server at 'localhost' failed with --password=<redacted:password>`,
	},
	{"job-args", `Job/apps/seed failed: args: [--user app --password <redacted:password> --host db]`},
	{
		"git-lfs",
		`batch request: Authentication required: Authorization error: https://<redacted:url-userinfo>@lfs.example.net/acme/fleet.git/info/lfs`,
	},
	{
		"git-sub",
		`failed to clone submodule 'charts': unable to access 'https://<redacted:url-userinfo>@github.example.com/acme/charts.git/'`,
	},
	{
		"git-proxy-env",
		`environment: HTTPS_PROXY=http://<redacted:url-userinfo>@proxy.example.net:3128 NO_PROXY=.svc,.local: proxyconnect tcp: EOF`,
	},
	{
		"oci-creds-store",
		"error getting credentials - err: exit status 1, out: `{\"ServerURL\":\"https://registry.example.net\",\"Username\":\"ci\",\"Secret\":\"<redacted:secret" +
			">\"}`",
	},
	{
		"oci-ecr-query",
		`GET https://123456789012.dkr.ecr.example/v2/x/manifests/1: unexpected status 403, Authorization: <redacted:authorization>`,
	},
	{
		"oci-ghcr",
		`denied: denied; www-authenticate: Bearer realm="https://ghcr.example.io/token"; token used: <redacted:github-token>`,
	},
	{"oci-gar", `failed to login: <redacted:url-userinfo>`},
	{
		"oci-acr-refresh",
		`refresh_token exchange failed: body: grant_type=access_token&service=acme.azurecr.example&tenant=x&access_token=<redacted:token>: 400`,
	},
	{
		"bucket-azure-kv",
		`AccountKey: <redacted:secret>, AccountName: acme: AuthenticationFailed Server failed to authenticate the request`,
	},
	{
		"bucket-sas-only",
		`invalid SAS in secret: <redacted:secret>&ss=b&srt=sco&sp=rl&se=2027-01-01&spr=https&sig=<redacted:signature>: missing st`,
	},
	{
		"aws-web-id",
		`WebIdentityErr: failed to retrieve credentials caused by: InvalidIdentityToken: <redacted:token> Provider not found`,
	},
	{
		"aws-process",
		`process provider error: credential process output: {"Version":1,"AccessKeyId":"<redacted:secret>","SecretAccessKey":"<redacted:secret>","Ses` +
			`sionToken":"<redacted:token>"}: missing Expiration`,
	},
	{
		"az-fedtoken",
		`AADSTS700016 client_assertion=<redacted:jwt>&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_i` +
			`d=x`,
	},
	{
		"gcp-sts",
		`sts.example/v1/token: invalid_grant subject_token=<redacted:token>&subject_token_type=urn:ietf:params:oauth:token-type:jwt`,
	},
	{
		"sops-dotenv",
		`Error unmarshalling input dotenv: invalid dotenv input line: export API_KEY <redacted:api-key>`,
	},
	{
		"sops-ini",
		"Error unmarshalling input ini: key-value delimiter not found: [db]\npassword <redacted:password>",
	},
	{
		"sops-binary",
		`Cannot decrypt value "<redacted:secret>" at stringData/password: Input string <redacted:sops-value> does not match sops' data format`,
	},
	{
		"nc-cel",
		`failed to evaluate CEL expression: no such key: event in map[headers:map[X-Gitlab-Token:[<redacted:token>]] body:map[]]`,
	},
	{
		"nc-post-form",
		`Post "https://chat.example.net/api": form map[channel:[ops] token:[<redacted:token>]]: EOF`,
	},
	{
		"nc-sns",
		`SignatureDoesNotMatch: AWSAccessKeyId=<redacted:secret>&Signature=<redacted:signature>&Expires=1764290000`,
	},
	{
		"nc-otel",
		`traces export: failed: Unauthenticated: headers map[authorization:<redacted:authorization> <redacted:dynatrace-token>]`,
	},
	{
		"iac-ssh-keypair",
		`failed to parse identity: {"identity":"<redacted:pem>\\n","identity.pub":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG0"}`,
	},
	{
		"probe-list",
		`Readiness probe errored: exec ["redis-cli","-a","<redacted:password>","ping"]: command timed out`,
	},
	{
		"probe-list-py",
		`CalledProcessError: Command '['redis-cli', '-a', '<redacted:password>', 'ping']' returned non-zero exit status 1`,
	},
	{"markdown-bold", `**Password**: <redacted:password>`},
	{"named-base64", `password (base64): <redacted:password>`},
	{"pin-refused", `pin <redacted:pin> rejected`},
	{"double-equals", `password == <redacted:password>`},
	{"stringdata-field", `stringData[foo]: Invalid value: "<redacted:secret-data>": bad`},
	{"binarydata-field", `binaryData[foo]: Invalid value: "<redacted:secret-data>": bad`},
	{"correct-horse", `wrong password <redacted:password>`},
	{"header-custom-scheme", `Authorization: <redacted:authorization>`},
}
