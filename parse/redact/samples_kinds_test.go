package redact_test

// exactKinds are the rows of the samples of fixtures/secrets/kinds.txtar.
var exactKinds = []exact{
	{
		"git-extraheader",
		`unable to clone: exec git -c http.https://git.corp.example/.extraheader="AUTHORIZATION: <redacted:authorization>" fetch origin: exit status ` +
			`128`,
	},
	{
		"git-private-header",
		`failed to fetch: git -c http.extraHeader='PRIVATE-TOKEN: <redacted:token>' fetch: exit status 128`,
	},
	{
		"git-credential-fill",
		"git credential fill: protocol=https\nhost=git.corp.example\nusername=flux\npassword=<redacted:password>\nquit=1",
	},
	{
		"git-credential-store",
		`warning: unable to parse line 3 of /home/.git-credentials: https://<redacted:url-userinfo>@git.corp.example`,
	},
	{
		"git-url-token-only",
		`unable to list remote for 'https://<redacted:url-userinfo>@git.corp.example/o/r.git': authorization failed`,
	},
	{
		"git-gitea-query",
		`Get "https://gitea.corp.example/api/v1/repos/x/y?access_token=<redacted:token>": 403 Forbidden`,
	},
	{"git-gitea-header", `request failed: Authorization: <redacted:authorization>`},
	{"git-bitbucket-app", `remote: Invalid credentials for app password <redacted:password> of user deploy`},
	{
		"git-azdo-pat",
		`unable to clone 'https://<redacted:url-userinfo>@dev.azure.example/org/p/_git/r': TF400813: not authorized`,
	},
	{"git-ado-pat-sentence", `Azure DevOps: personal access token <redacted:token> has expired (VS30063)`},
	{"git-ghapp-pem-escaped", `failed to parse GitHub App key: "<redacted:secret>": asn1: structure error`},
	{
		"git-ghapp-inst-token",
		`could not create installation token: response {"token":"<redacted:token>","expires_at":"2026-03-04T12:22:14Z","permissions":{"contents":"rea` +
			`d"}}: decode error`,
	},
	{"git-ssh-identity-inline", `ssh.ParsePrivateKey: cannot decode key "<redacted:base64>": not PEM`},
	{
		"git-known-hosts-then-pass",
		`failed to get auth: identity: <nil>, username: git, password: <redacted:password>, known_hosts: git.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5` +
			`AAAAIJ`,
	},
	{
		"git-bearer-split",
		`request to https://git.example failed: headers: Authorization: <redacted:authorization>`,
	},
	{
		"gitlab-deploy-token-json",
		`gitlab: 403 {"message":"deploy token gitlab+deploy-token-77 / <redacted:gitlab-token> lacks scope"}`,
	},
	{
		"helm-values-map",
		`Helm install failed: template: app/templates/secret.yaml:7:20: executing "app/templates/secret.yaml" at <required "x" .Values>: map[auth:map` +
			`[password:<redacted:password> username:app] image:map[tag:v1.2.3]]`,
	},
	{
		"helm-set-string-comma",
		`helm upgrade --install app ./chart --set-string auth.username=app,auth.password=<redacted:password>,image.tag=v2: exit status 1`,
	},
	{
		"helm-set-escaped-comma",
		`helm template x --set mail.smtpPassword='<redacted:password>' --set a=b: error`,
	},
	{
		"helm-set-file-json",
		`helm upgrade app --set-json 'auth={"user":"app","pass":"<redacted:password>"}': failed parsing --set-json data`,
	},
	{
		"helm-set-literal",
		`Error: failed parsing --set-literal data: adminPassword=<redacted:password> has unclosed quote`,
	},
	{
		"helm-schema-pattern",
		`values don't meet the specifications of the schema(s) in the following chart(s): app: - at '/auth/adminPassword': '<redacted:password>' does` +
			` not match pattern '^[a-z]+$'`,
	},
	{
		"helm-schema-oneof",
		`values don't meet the specifications: - (root): Additional property <redacted:secret> is not allowed under auth.tokens`,
	},
	{
		"helm-coalesce",
		`coalesce.go:286: warning: cannot overwrite table with non table for app.auth.credentials (map[password:<redacted:password> user:app])`,
	},
	{
		"helm-lookup-b64",
		`execution error at (app/templates/secret.yaml:4:14): expected plain text but got "<redacted:secret>" from lookup Secret`,
	},
	{
		"helm-notes-password",
		`release notes: 1. Get your admin password: <redacted:password> 2. Login at http://app.example`,
	},
	{
		"helm-notes-run",
		"NOTES: Login with the following credentials\necho \"User: admin\"\necho \"Password: <redacted:password>\"",
	},
	{
		"helm-diff-minus",
		"Helm test failed: diff:\n-  ADMIN_PASSWORD: <redacted:password>\n+  ADMIN_PASSWORD: <redacted:password>",
	},
	{
		"helm-registry-config",
		`failed to login: config {"auths":{"oci.example":{"username":"robot$ci","password":"<redacted:password>","auth":"<redacted:authorization>"}}}` +
			`: unauthorized`,
	},
	{"helm-plain-env", `helm-controller env dump: HELM_DRIVER=secret <redacted:secret> HELM_NAMESPACE=apps`},
	{
		"helm-value-from-json",
		"unable to merge value from key 'values.yaml': yaml: unmarshal errors: line 3: cannot unmarshal !!str `<redacted:secret>` into map[string]int" +
			`erface {} (auth.password)`,
	},
	{
		"helm-targetpath-apikey",
		`unable to merge value at target path 'datadog.apiKey': key "<redacted:secret>" has no value`,
	},
	{
		"kustomize-sec-generator",
		`kustomize build failed: invalid literal source <redacted:secret>, expected key=value: secretGenerator db-creds`,
	},
	{
		"kustomize-literals",
		`kustomize build failed: secretGenerator: literals: [username=app password=<redacted:password> url=postgres.example] duplicate key`,
	},
	{"kustomize-envfile", `couldn't parse env file secret.env line 2: DB_PASS=<redacted:password> DB_USER=app`},
	{
		"kustomize-var-subst",
		`post build failed for 'app': var substitution failed: variable not set in "smtp://<redacted:url-userinfo>@mail.example:587"`,
	},
	{
		"kustomize-subst-yaml",
		`envsubst error: failed to parse YAML after substitution: line 9: could not find expected ':' near "db_password: <redacted:password> extra"`,
	},
	{
		"kustomize-dryrun-data",
		`Secret/apps/db dry-run failed (BadRequest): illegal base64 data at input byte 4: data.password=<redacted:password>`,
	},
	{
		"kustomize-apply-patch",
		`failed to apply patch {"stringData":"<redacted:secret-data>","kind":"Secret"}: conflict`,
	},
	{
		"kustomize-jsonpatch",
		`json patch op {"op":"replace","path":"/data/token","value":"<redacted:token>"} failed: path not found`,
	},
	{
		"kustomize-jsonpatch-env",
		`add operation does not apply: {"op":"add","path":"/spec/template/spec/containers/0/env/3","value":{"name":"API_SECRET","value":"<redacted:se` +
			`cret>"}}: doc is missing path`,
	},
	{
		"kustomize-cm-string",
		`ConfigMap/apps/cfg dry-run failed (BadRequest): cannot unmarshal number into Go struct field ConfigMap.data of type string: "<redacted:secre` +
			`t>":"db.user=app\ndb.pwd=<redacted:password>\n"`,
	},
	{
		"sops-age-key",
		`failed to decrypt: age: error parsing identity "<redacted:secret>": malformed secret key`,
	},
	{"sops-age-lower", `identity did not match: <redacted:age-key> for recipient age1qqqq`},
	{
		"sops-mac-plain",
		`MAC mismatch. File has 8C8A72F6B814209205AF46DF1DBC1688697E1505328B092E062B087FC93FCD80047ACB8BEB982A38A65614965B344BB5D00C1C3A605A23ADF7FD5` +
			`82CA5B04C16, computed no MAC; sops data key <redacted:base64>`,
	},
	{"sops-datakey", `Failed to decrypt data key: plaintext data key was <redacted:secret> of length 31`},
	{
		"sops-kms-env",
		`error decrypting key: NoCredentialProviders; env AWS_ACCESS_KEY_ID=<redacted:secret> AWS_SECRET_ACCESS_KEY=<redacted:secret> AWS_SESSION_TOK` +
			`EN=<redacted:token>`,
	},
	{"sops-pgp-passphrase", `gpg: decryption failed: --passphrase <redacted:password> --batch: Bad passphrase`},
	{
		"sops-vault-token",
		`error making API request to PUT https://vault.example/v1/transit/decrypt: token <redacted:token> permission denied`,
	},
	{"sops-hcvault-hdr", `X-Vault-Token: <redacted:token>, X-Vault-Namespace: team: 403`},
	{
		"sops-azure-env",
		`AZURE_TENANT_ID=72f988bf-86f1-41af-91ab-2d7cd011db47 AZURE_CLIENT_ID=04b07795-8ddb-461a-bbee-02f9e1bf7b46 AZURE_CLIENT_SECRET=<redacted:secr` +
			`et> login failed`,
	},
	{
		"sops-dotenv",
		`error unmarshalling input dotenv: invalid dotenv input line: export SMTP_PASSWORD <redacted:password>`,
	},
	{"sops-ini", `Error loading ini: key-value delimiter not found: [database] secret_key <redacted:secret>`},
	{
		"bucket-minio",
		`failed to fetch artifact: minio client: accesskey <redacted:secret> secretkey <redacted:secret>: The Access Key Id you provided does not exi` +
			`st`,
	},
	{
		"bucket-presigned",
		`Get "https://b.s3.example/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=<redacted:signature>&X-Amz-Date=20260101T000000Z&X-Amz-Securit` +
			`y-Token=<redacted:token>&X-Amz-Signature=<redacted:signature>": 403`,
	},
	{"bucket-authhdr", `SignatureDoesNotMatch: Authorization: <redacted:authorization>`},
	{"bucket-awsv2", `SignatureDoesNotMatch: Authorization: <redacted:authorization> StringToSign GET`},
	{
		"bucket-xml-error",
		`<Error><Code>InvalidAccessKeyId</Code><AWSAccessKeyId><redacted:secret></AWSAccessKeyId><SecretKey><redacted:secret></SecretKey></Error>`,
	},
	{
		"bucket-gcs-json",
		`google: could not parse credentials: {"type":"service_account","private_key_id":"<redacted:secret>","private_key":"<redacted:secret>","clien` +
			`t_email":"x@p.iam.example"}`,
	},
	{
		"bucket-gcs-oauth",
		`oauth2: cannot fetch token: 400, refresh_token=<redacted:token>&grant_type=refresh_token&client_secret=<redacted:secret>`,
	},
	{
		"bucket-gcs-signed",
		`Get "https://storage.example/b/o?GoogleAccessId=svc@p.example&Expires=1900000000&Signature=<redacted:signature>": 403`,
	},
	{
		"bucket-azure-connstr",
		`failed: DefaultEndpointsProtocol=https;AccountName=store1;AccountKey=<redacted:secret>;EndpointSuffix=core.example`,
	},
	{
		"bucket-azure-sas-obj",
		`blob: PUT https://s.blob.example/c/k?sv=2022-11-02&ss=b&srt=o&se=2027-01-01T00%3A00Z&sp=r&sig=<redacted:signature> RESPONSE 403`,
	},
	{"bucket-azure-sharedkey", `Authorization: <redacted:authorization> -> 403 Server failed to authenticate`},
	{
		"bucket-oss",
		`oss: service returned error: AccessKeyId=<redacted:secret>, AccessKeySecret=<redacted:secret>`,
	},
	{"bucket-r2", `r2 credentials: access_key_id: <redacted:secret> secret_access_key: <redacted:secret>`},
	{
		"bucket-swift",
		`openstack: auth options {IdentityEndpoint:https://ks.example Username:flux UserID: Password:<redacted:password> DomainName:Default}: 401`,
	},
	{
		"bucket-b2",
		`b2_authorize_account: applicationKeyId 00259d62d5e5a1d174975a587 applicationKey <redacted:secret>: bad_auth_token`,
	},
	{
		"oci-quay-robot",
		`GET https://quay.example/v2/auth: robot org+flux password <redacted:password>: 401 UNAUTHORIZED`,
	},
	{
		"oci-harbor-robot",
		`failed to login to 'harbor.example' as robot$flux+pull with <redacted:base64>: denied`,
	},
	{
		"oci-dockercfg-b64",
		`failed to parse secret data: invalid character in dockerconfigjson "<redacted:base64>"`,
	},
	{"oci-ecr-token", `docker login -u AWS -p <redacted:password> 1234.dkr.ecr.example: failed`},
	{
		"oci-acr-refresh",
		`POST https://r.example/oauth2/token: grant_type=refresh_token&service=r.example&refresh_token=<redacted:token>: 400`,
	},
	{"oci-jfrog-ref", `jfrog: access token reference <redacted:artifactory-token> is revoked`},
	{"oci-jfrog-apikey", `X-JFrog-Art-Api: <redacted:artifactory-token>: 403`},
	{"oci-dckr", `unauthorized: incorrect username or password: <redacted:password>`},
	{
		"oci-wwwauth-bearer",
		`challenge Bearer realm="https://auth.example/token"; got {"access_token":"<redacted:token>","expires_in":300}`,
	},
	{"oci-cosign-pass", `cosign: COSIGN_PASSWORD=<redacted:password> cosign verify: error decrypting key`},
	{"oci-cosign-key", `cosign.key: <redacted:pem>: invalid pem block`},
	{"oci-podman-auth", `auth.json: {"auths":{"r.example":{"auth":"<redacted:authorization>"}}}: invalid`},
	{"oci-identitytoken", `"identitytoken":"<redacted:token>" not accepted by registry`},
	{"noti-slack", `postMessage failed: Post "https://hooks.slack.<redacted:base64>": EOF`},
	{"noti-slack-xapp", `slack: invalid_auth <redacted:authorization>`},
	{
		"noti-teams-flow",
		`Post "https://prod-12.westeurope.logic.azure.example:443/workflows/<redacted:webhook>?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&s` +
			`v=1.0&sig=<redacted:signature>": 502`,
	},
	{"noti-discord", `Post "https://discord.<redacted:base64>": context deadline exceeded`},
	{"noti-telegram", `Post "https://api.telegram.org/bot<redacted:webhook>": 404`},
	{"noti-telegram-sentence", `telegram: bot token <redacted:token> is not valid`},
	{"noti-mattermost", `Post "https://mm.example/hooks/<redacted:webhook>": 400 Bad Request`},
	{"noti-rocket", `Post "https://rocket.<redacted:base64>": 500`},
	{
		"noti-gchat",
		`Post "https://chat.googleapis.com/v1/spaces/AAAA/messages?key=<redacted:secret>&token=<redacted:token>": 400`,
	},
	{"noti-webex", `webex: Authorization Bearer <redacted:authorization> 401`},
	{"noti-lark", `Post "https://open.larksuite.com/open-apis/bot/v2/hook/<redacted:webhook>": 19001`},
	{
		"noti-dingtalk",
		`Post "https://oapi.dingtalk.com/robot/send?access_token=<redacted:token>&timestamp=1&sign=<redacted:base64>%3D": 310000`,
	},
	{
		"noti-matrix",
		`matrix PUT /_matrix/client/r0/rooms/!x:example/send?access_token=<redacted:token> M_UNKNOWN_TOKEN`,
	},
	{"noti-opsgenie", `Authorization: <redacted:authorization>`},
	{"noti-pagerduty", `pagerduty: {"routing_key":"<redacted:secret>","event_action":"trigger"} 400 invalid`},
	{"noti-datadog", `DD-API-KEY: <redacted:api-key> DD-APPLICATION-KEY: <redacted:secret> 403 Forbidden`},
	{"noti-grafana", `Authorization: <redacted:authorization>`},
	{"noti-grafana-basic-url", `Post "https://<redacted:url-userinfo>@grafana.example/api/annotations": 401`},
	{"noti-sentry-dsn", `sentry: invalid DSN https://<redacted:url-userinfo>@o1.ingest.sentry.example/42`},
	{"noti-newrelic", `Api-Key: <redacted:api-key> rejected`},
	{"noti-honeycomb", `x-honeycomb-team: <redacted:base64>: unknown API key - check your credentials`},
	{"noti-alertmanager", `Post "https://<redacted:url-userinfo>@am.example/api/v2/alerts": 401`},
	{
		"noti-eventhub",
		`Endpoint=sb://ns.servicebus.example/;SharedAccessKeyName=Root;SharedAccessKey=<redacted:secret>;EntityPath=flux`,
	},
	{
		"noti-eventhub-sas",
		`SharedAccessSignature sr=sb%3a%2f%2fns&sig=<redacted:signature>&se=1900000000&skn=Root expired`,
	},
	{
		"noti-githubdispatch",
		`POST https://api.github.example/repos/o/r/dispatches: 404 (token <redacted:token>)`,
	},
	{"noti-hmac-sig", `generichmac: X-Signature: <redacted:signature> key=<redacted:secret>`},
	{"noti-receiver-hook", `failed to generate webhook path: token <redacted:token> for receiver team/gh`},
	{
		"noti-header-newline",
		`net/http: invalid header field value "<redacted:header-value>" for key Authorization`,
	},
	{"noti-nats", `nats: nats://<redacted:url-userinfo>@nats.example:4222: authorization violation`},
	{"noti-nats-seed", `nkeys: invalid seed <redacted:base64>`},
	{"noti-pubsub", `rpc error: code = Unauthenticated desc = token <redacted:token> expired`},
	{"noti-zulip", `POST https://zulip.example/api/v1/messages -u <redacted:password> 401`},
	{
		"img-policy-cred",
		`scan failed: authn.AuthConfig{Username:"flux", Password:"<redacted:password>", Auth:"", IdentityToken:"", RegistryToken:""}`,
	},
	{
		"img-commit-push",
		`failed to push to remote: git push https://<redacted:gitlab-token>@gitlab.example/x.git: pre-receive hook declined`,
	},
	{"img-gpg", `failed to load signing key: openpgp: <redacted:pem>`},
	{
		"db-jdbc-mysql",
		`Could not create connection: jdbc:mysql://db:3306/app?user=root&password=<redacted:password>&useSSL=false`,
	},
	{"db-jdbc-oracle", `ORA-01017: jdbc:oracle:thin:scott/<redacted:password>@//db.example:1521/XE`},
	{
		"db-jdbc-mssql",
		`jdbc:sqlserver://db:1433;databaseName=app;user=sa;password={<redacted:password>};encrypt=true: Login failed`,
	},
	{"db-odbc", `Driver={ODBC Driver 18};Server=tcp:db,1433;Uid=sa;Pwd=<redacted:password>;Encrypt=yes`},
	{"db-ado", `Server=db;Database=app;User Id=sa;Password="<redacted:password>";TrustServerCertificate=True`},
	{"db-pg-kv", `pq: host=db port=5432 user=app password='<redacted:password>' sslmode=disable: auth failed`},
	{
		"db-mongo-srv",
		`mongodb+srv://<redacted:url-userinfo>@cluster0.example.net/app?retryWrites=true: auth error`,
	},
	{"db-redis-nouser", `dial redis://<redacted:url-userinfo>@redis:6379/0: WRONGPASS`},
	{"db-rediss-comma", `redis.example:6380,password=<redacted:password>,ssl=True,abortConnect=False`},
	{
		"db-amqp",
		`AMQP amqps://<redacted:url-userinfo>@mq.example/vh: Exception (403) Reason: "username or password not allowed"`,
	},
	{
		"db-kafka-jaas",
		`sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="app" password="<redacted:password>";`,
	},
	{
		"db-kafka-prop",
		`invalid configuration: ssl.keystore.password=<redacted:password> ssl.key.password=<redacted:password>`,
	},
	{"db-elastic-apikey", `Authorization: <redacted:authorization>`},
	{"db-elastic-curl", `curl -k -u "<redacted:password>" https://es:9200: 401`},
	{
		"db-clickhouse",
		`clickhouse://<redacted:url-userinfo>@ch:9000/db, clickhouse-client --password <redacted:password>`,
	},
	{
		"db-clickhouse-hdr",
		`X-ClickHouse-User: default X-ClickHouse-Key: <redacted:secret> Code: 516. Authentication failed`,
	},
	{"db-snowflake", `gosnowflake dsn <redacted:url-userinfo>@acct.eu/db/public?warehouse=wh: 390100`},
	{
		"db-cassandra",
		`PlainTextAuthProvider(username='cassandra', password='<redacted:password>'): Bad credentials`,
	},
	{"db-etcd", `etcdctl --user <redacted:password> get /x: authentication failed`},
	{"db-consul", `X-Consul-Token: <redacted:token> ACL not found`},
	{"db-neo4j", `NEO4J_AUTH=<redacted:authorization> refused`},
	{
		"db-cockroach",
		`postgresql://<redacted:url-userinfo>@crdb:26257/defaultdb?sslmode=verify-full&sslpassword=<redacted:password>: x`,
	},
	{"db-mysql-cnf", "[client]\nuser = root\npassword = \"<redacted:password>\"\nhost = db"},
	{"db-couch", `http://<redacted:url-userinfo>@couch:5984/_all_dbs: 401`},
	{"db-influx", `influx: Authorization: <redacted:authorization>`},
	{
		"db-ldap",
		`ldapsearch -D cn=admin,dc=example -w <redacted:password> -b dc=example: Invalid credentials (49)`,
	},
	{
		"db-sqlalchemy",
		`(psycopg2.OperationalError) engine postgresql+psycopg2://<redacted:url-userinfo>@db/app`,
	},
	{"db-create-user", `syntax error near: CREATE USER app WITH ENCRYPTED PASSWORD '<redacted:password>';`},
	{"db-alter-role", `statement: ALTER ROLE app PASSWORD '<redacted:password>' VALID UNTIL 'infinity'`},
	{"db-set-pass", `SET PASSWORD FOR 'app'@'%' = PASSWORD('<redacted:password>')`},
	{"cloud-hetzner", `hcloud: unable to authenticate: HCLOUD_TOKEN=<redacted:token>`},
	{"cloud-cf", `CF_API_TOKEN: <redacted:token>, X-Auth-Key: <redacted:secret> invalid`},
	{"cloud-scw", `SCW_ACCESS_KEY=<redacted:secret> SCW_SECRET_KEY=<redacted:secret> denied`},
	{
		"cloud-ovh",
		`ovh: {application_key: <redacted:secret>, application_secret: <redacted:secret>, consumer_key: <redacted:secret>}`,
	},
	{"cloud-ibm", `IBMCLOUD_API_KEY=<redacted:api-key> BXNIM0415E`},
	{"cloud-oci", `OCI: fingerprint=aa:bb:cc pass_phrase=<redacted:password> key_file=/x.pem`},
	{"cloud-linode", `LINODE_TOKEN <redacted:token> rejected: Invalid Token`},
	{"cloud-vultr", `VULTR_API_KEY="<redacted:api-key>": 401`},
	{"cloud-exoscale", `EXOSCALE_API_KEY=<redacted:api-key> EXOSCALE_API_SECRET=<redacted:secret>`},
	{
		"cloud-arm-client",
		`{"grant_type":"client_credentials","client_id":"23aba0aa-7aaf-44f4-9056-a37fec2f548b","client_secret":"<redacted:secret>"} AADSTS7000215`,
	},
	{"saas-stripe", `stripe: Invalid API Key provided: <redacted:api-key>`},
	{"saas-sendgrid", `sendgrid 401 SG.<redacted:base64>.<redacted:base64>`},
	{"saas-mailchimp", `mailchimp: apikey <redacted:secret> disabled`},
	{"saas-twilio", `twilio: <redacted:secret>:<redacted:secret> 20003 Authenticate`},
	{"saas-openai", `Incorrect API key provided: <redacted:api-key> You can find your API key at`},
	{"saas-hf", `HF_TOKEN=<redacted:token> 401`},
	{"saas-okta", `Authorization: <redacted:authorization> E0000011`},
	{"saas-tfc", `terraform: token <redacted:token>`},
	{"saas-ld", `LaunchDarkly: sdk key <redacted:secret> invalid`},
	{"saas-discord-bot", `discord: Bot <redacted:base64>.GHZ38z.<redacted:base64> 4004`},
	{
		"saas-auth0",
		`auth0: {"client_id":"<redacted:base64>","client_secret":"<redacted:secret>","audience":"x"} 401 access_denied`,
	},
	{"crypt-wg", "[Interface]\nPrivateKey = <redacted:secret>\nAddress = 10.0.0.1/24"},
	{
		"crypt-ppk",
		"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n<redacted:base64>\nPrivate-MAC: <redacted:secret>",
	},
	{
		"crypt-jwk",
		`jwk: {"kty":"EC","crv":"P-256","x":"<redacted:base64>","y":"<redacted:base64>","d":"<redacted:base64>"} invalid`,
	},
	{"crypt-ec-oneline", `tls: failed to find any PEM data in key input "<redacted:pem>"`},
	{"crypt-p12", `pkcs12: decryption password incorrect for keystore "<redacted:base64>"`},
	{
		"crypt-tlskey-data",
		`Secret "tls" is invalid: data[tls.key]: Invalid value: "<redacted:secret-data>": tls: failed`,
	},
	{"crypt-htpasswd", `htpasswd line 1: admin:<redacted:password-hash> malformed`},
	{"crypt-shadow", `chpasswd: (user app) app:$6$<redacted:secret>$<redacted:base64>:19000:0:99999`},
	{"crypt-otpauth", `otpauth://totp/Example:alice?secret=<redacted:secret>&issuer=Example: invalid`},
	{"crypt-setcookie", `response: Set-Cookie: <redacted:cookie>`},
	{"crypt-cookie", `Cookie: <redacted:cookie>`},
	{"crypt-saml", `SAMLResponse=<redacted:base64>&RelayState=x 403`},
	{
		"crypt-assertion",
		`client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=<redacted:jwt> invalid_client`,
	},
	{"crypt-oauth-code", `callback /oauth2/callback?code=<redacted:secret>&state=xyz: invalid_grant`},
	{"lang-de", `Anmeldung fehlgeschlagen: Benutzer flux, Passwort <redacted:password> falsch`},
	{"lang-es", `error de autenticación: la contraseña «<redacted:password>» no es válida`},
	{"lang-ru", `ошибка входа: пароль=<redacted:password> неверен`},
	{"lang-zh", `登录失败，用户名：flux，密码：<redacted:password>`},
	{"lang-fr", `échec : mot de passe : <redacted:password> refusé`},
	{"enc-html", `<password><redacted:password></password> is not allowed here`},
	{"enc-u0026", `{"url":"https://x.example/cb?client_id=a\u0026client_secret=<redacted:secret>\u0026x=1"}`},
	{"enc-b76", "failed to decode data:\n<redacted:base64>"},
	{"enc-pct-json", `<redacted:encoded> invalid`},
	{"enc-triple", `{"err":"{\"inner\":\"{\\\"apiToken\\\":\\\"<redacted:token>\\\"}\"}"}`},
	{
		"key-spring",
		`Failed to bind properties under 'spring.datasource' : spring.datasource.password=<redacted:password> rejected`,
	},
	{"key-pgpassword", `exec: PGPASSWORD=<redacted:password> psql -h db -c 'select 1': exit status 2`},
	{"key-dbpass", `missing option {dbHost:db dbPass:<redacted:password> dbUser:app}`},
	{"key-table", "NAME      VALUE\nDB_USER   app\nDB_PASSWORD  <redacted:password>"},
	{
		"key-boto",
		"[Credentials]\ngs_access_key_id = <redacted:secret>\ngs_secret_access_key = <redacted:secret>",
	},
	{"key-npmrc", `//registry.example/:_authToken=<redacted:token>`},
	{"key-netrc", "machine git.example\n  login flux\n  password <redacted:password>"},
	{"key-s3cfg", "access_key = <redacted:secret>\nsecret_key = <redacted:secret>"},
	{"key-pip", `Looking in indexes: https://<redacted:url-userinfo>@pypi.example/simple`},
	{"key-nuget", `<add key="ClearTextPassword" value="<redacted:password>" />`},
	{
		"key-maven",
		`<server><id>nexus</id><username>ci</username><password><redacted:password></password></server>`,
	},
	{"key-kubeconfig", `users: - name: admin user: client-key-data: <redacted:secret> token: <redacted:token>`},
	{"rec-revision", `reconciling revision main/https://<redacted:url-userinfo>@git.example at sha1:0123abcd`},
	{
		"rec-label",
		`labels map[app:x api-token:<redacted:token> tier:web] invalid: must be no more than 63 characters`,
	},
}
