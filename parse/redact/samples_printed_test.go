package redact_test

// exactPrinted are the rows of the samples of fixtures/secrets/printed.txtar.
var exactPrinted = []exact{
	{
		"env-gov",
		`failed to create pod: containers[0].env: [{DB_HOST db nil} {DB_PASSWORD <redacted:password> nil} {LOG_LEVEL debug nil}]`,
	},
	{
		"env-goplusv",
		`invalid container: {Name:web Image:app:v1 Env:[{Name:API_TOKEN Value:<redacted:token> ValueFrom:nil} {Name:SMTP_PASSWORD Value:<redacted:pas` +
			`sword> ValueFrom:nil}]}`,
	},
	{
		"env-gosharp",
		`v1.EnvVar{Name:"REDIS_PASSWORD", Value:"<redacted:password>", ValueFrom:(*v1.EnvVarSource)(nil)}`,
	},
	{
		"env-gosharp-map",
		`map[string]interface {}{"name":"RABBITMQ_DEFAULT_PASS", "value":"<redacted:password>"}`,
	},
	{
		"env-flow",
		`spec.template.spec.containers[0].env: {name: ADMIN_PASSWORD, value: <redacted:password>}: duplicate entries for key [name="ADMIN_PASSWORD"]`,
	},
	{
		"env-block",
		"env:\n  - name: DB_USER\n    value: app\n  - name: DB_PASS\n    value: \"<redacted:password>\"\n  - name: SECRET_KEY_BASE\n    value: <redacted:secr" +
			`et>`,
	},
	{
		"env-block-reversed",
		"- value: <redacted:password>\n  name: MYSQL_ROOT_PASSWORD\n- value: info\n  name: LOG_LEVEL",
	},
	{
		"env-json-reversed",
		`{"env":[{"value":"<redacted:password>","name":"MINIO_ROOT_PASSWORD"},{"value":"info","name":"LOG_LEVEL"}]}`,
	},
	{
		"env-describe",
		"    Environment:\n      DB_HOST:         pg.db\n      DB_PASSWORD:     <redacted:password>\n      SENTRY_DSN:      <redacted:secret>\n      SESS" +
			`ION_SECRET:  <redacted:secret>`,
	},
	{
		"env-ptr",
		`&Container{Name:app,Env:[]EnvVar{EnvVar{Name:DATABASE_URL,Value:mysql://<redacted:url-userinfo>@db:3306/app,ValueFrom:nil,},EnvVar{Name:JWT_` +
			`SECRET,Value:<redacted:secret>,ValueFrom:nil,},},}`,
	},
	{"secret-gomap-bytes", `Data:map[string][]uint8{<redacted:secret-data>}`},
	{"secret-gomap-dec", `data: map[<redacted:secret-data>]`},
	{
		"secret-goplusv",
		`&Secret{ObjectMeta:{db apps 0 0001-01-01},Data:map[string][]byte{},Type:Opaque,StringData:map[string]string{<redacted:secret-data>},Immutabl` +
			`e:nil,}`,
	},
	{"secret-describe", "Name: db\nType: Opaque\nData\n====\npassword:  <redacted:password>"},
	{
		"secret-last-applied",
		`annotations: kubectl.kubernetes.io/last-applied-configuration: {"apiVersion":"v1","data":"<redacted:secret-data>","kind":"Secret","metadata"` +
			`:{"name":"db"}}`,
	},
	{"diff-json-patch", `Secret/apps/db configured: patch {"data":"<redacted:secret-data>"}`},
	{"diff-strategic", `failed to patch: Secret "db": {"stringData":"<redacted:secret-data>"}`},
	{
		"diff-unified",
		"--- live/Secret/apps/db\n+++ desired/Secret/apps/db\n@@ -3,7 +3,7 @@\n stringData:\n-  smtp_password: <redacted:password>\n+  smtp_password: <red" +
			"acted:password>\n   smtp_user: app",
	},
	{
		"diff-go-cmp",
		"  map[string]any{\n  \t\"adminUser\": string(\"admin\"),\n- \t\"adminPassword\": string(\"<redacted:password>\"),\n+ \t\"adminPassword\": string(\"<redacted:" +
			"password>\"),\n  }",
	},
	{"diff-arrow", `spec.values.auth.password changed: "<redacted:password>"`},
	{"diff-arrow2", `drift: Secret/apps/db data.password: *** (before) <redacted:secret> (after)`},
	{"diff-quotes", `HelmRelease/apps/web values changed: auth.rootPassword '<redacted:password>'`},
	{
		"err-unmarshal-num",
		`json: cannot unmarshal number into Go struct field SecretSpec.stringData of type string: {"pin": <redacted:pin>, "password": <redacted:passw` +
			`ord>}`,
	},
	{
		"err-invalid-value",
		`The HelmRelease "web" is invalid: spec.values.adminPassword: Invalid value: "<redacted:secret-data>": spec.values.adminPassword in body shou` +
			`ld be at least 12 chars long`,
	},
	{
		"err-unsupported",
		`Secret "x" is invalid: type: Unsupported value: "<redacted:secret>": supported values: "Opaque"; data.token`,
	},
	{
		"err-typed-patch",
		`failed to create manager for existing fields: failed to convert new object (apps/db; /v1, Kind=Secret) to smd typed: .stringData.password: e` +
			`xpected string, got &{<redacted:secret-data>}`,
	},
	{
		"err-immutable",
		"Secret \"db\" is invalid: data: Forbidden: field is immutable when `immutable` is set (new: {\"password\":\"<redacted:password>\"})",
	},
	{
		"err-yaml-line",
		`yaml: line 12: did not find expected alphabetic or numeric character: "adminPassword: <redacted:password>"`,
	},
	{
		"err-yaml-tab",
		"yaml: line 3: found a tab character that violates indentation near \"\tdbPassword: <redacted:password>\"",
	},
	{
		"err-yaml-unmarshal",
		"yaml: unmarshal errors:\n  line 4: cannot unmarshal !!str `<redacted:secret>` into map[string]string (field: auth.token)",
	},
	{
		"err-yaml-unmarshal2",
		"error unmarshaling values: line 2: cannot unmarshal !!str `<redacted:secret>` into struct { Password string }",
	},
	{
		"err-json-off",
		`invalid character '\'' looking for beginning of object key string: {'username':'app','password':'<redacted:password>'}`,
	},
	{
		"err-tpl-nil",
		`template: web/templates/cm.yaml:9:23: executing "web/templates/cm.yaml" at <required "password missing" .Values.pw>: error calling required:` +
			` got "<redacted:secret>"`,
	},
	{
		"err-tpl-printf",
		`at <printf "postgres://<redacted:url-userinfo>@%s/%s" "app" "<redacted:secret>" "pg" "app">: error calling printf: bad verb`,
	},
	{
		"err-tpl-htpasswd",
		`at <htpasswd "<redacted:secret>" "<redacted:secret>">: error calling htpasswd: invalid username`,
	},
	{
		"err-tpl-tojson",
		`at <toYaml .Values.secrets>: error calling toYaml: map[apiKey:<redacted:api-key> dbPassword:<redacted:password>]`,
	},
	{
		"err-helm-set",
		`failed parsing --set data: key "<redacted:secret>" has no value (auth.password=<redacted:password>)`,
	},
	{
		"err-helm-setargs",
		`helm upgrade --install web ./web --set auth.user=app --set auth.password=<redacted:password> --set-string smtp.pass='<redacted:password>': e` +
			`xit status 1`,
	},
	{"err-helm-setjson", `--set-json 'auth={"password":"<redacted:password>","user":"app"}': invalid json`},
	{
		"err-kubectl-create",
		`kubectl create secret docker-registry reg --docker-server=ghcr.io --docker-username=bot --docker-password=<redacted:password>: exit status 1`,
	},
	{
		"err-kubectl-generic",
		`kubectl -n apps create secret generic db --from-literal=user=app --from-literal=pw=<redacted:password> failed: already exists`,
	},
	{
		"err-flux-create",
		`flux create secret git flux-system --url=https://git.example/fleet --username=git --password=<redacted:password>: invalid`,
	},
	{
		"err-flux-boot",
		`flux bootstrap git --url=ssh://git@git.example/fleet --private-key-file=/k --password <redacted:password> failed`,
	},
	{
		"cmd-psql",
		`command [sh -c PGPASSWORD=<redacted:password> psql -h pg -U app -c 'select 1'] terminated with exit code 2`,
	},
	{"cmd-mysql", `exec: "mysqladmin -uroot -p<redacted:password> ping": exit status 1`},
	{"cmd-mysql-arr", `["mysql","-h","db","-uroot","-p<redacted:password>","-e","select 1"]: exit 1`},
	{"cmd-redis", `Liveness probe failed: redis-cli -h localhost -a <redacted:password> ping: AUTH failed`},
	{
		"cmd-mongo",
		`readiness probe: mongosh --username root --password '<redacted:password>' --eval "db.adminCommand('ping')" timed out`,
	},
	{
		"cmd-curl-u",
		`sh -c "curl -sSf -u <redacted:password> http://nexus:8081/service/rest/v1/status" exited 22`,
	},
	{"cmd-curl-h", `curl -H 'PRIVATE-TOKEN: <redacted:token>' https://gitlab.example/api/v4/projects: 401`},
	{
		"cmd-wget",
		`wget --http-user=bot --http-password=<redacted:password> https://files.example/x.tgz: exit 6`,
	},
	{
		"cmd-ldap",
		`ldapwhoami -x -D cn=admin,dc=corp,dc=example -w <redacted:password>: ldap_bind: Invalid credentials (49)`,
	},
	{"cmd-sshpass", `sshpass -p <redacted:password> ssh deploy@host: Permission denied`},
	{"cmd-openssl", `openssl rsa -in key.pem -passin pass:<redacted:password>: unable to load Private Key`},
	{
		"cmd-keytool",
		`keytool -importkeystore -srcstorepass <redacted:password> -deststorepass <redacted:password> -noprompt: keystore password was incorrect`,
	},
	{"cmd-docker", `docker login ghcr.io -u bot -p <redacted:password>: denied`},
	{"cmd-az", `az login --service-principal -u 2fd1 -p <redacted:password> --tenant x: AADSTS7000215`},
	{
		"dsn-libpq",
		"cannot parse `host=pg.db port=5432 user=app password=<redacted:password> dbname=app sslmode=require`: failed to configure TLS",
	},
	{"dsn-libpq-q", "cannot parse `host=pg user=app password='<redacted:password>' dbname=app`: invalid dsn"},
	{"dsn-gomysql", `invalid DSN: <redacted:secret>: did you forget to escape a param value?`},
	{
		"dsn-ado",
		`Data Source=tcp:sql.corp.example,1433;Initial Catalog=app;Persist Security Info=False;User ID=app;Password=<redacted:password>;MultipleActiv` +
			`eResultSets=False;Encrypt=True;`,
	},
	{
		"dsn-jdbc-semi",
		`java.sql.SQLException: No suitable driver found for jdbc:sqlserver://sql:1433;databaseName=app;user=sa;password=<redacted:password>;encrypt=` +
			`true`,
	},
	{
		"dsn-jdbc-q",
		`liquibase: jdbc:postgresql://pg:5432/app?user=app&password=<redacted:password>&ssl=true: FATAL: no pg_hba.conf entry`,
	},
	{
		"dsn-jdbc-oracle",
		`jdbc:oracle:thin:app/<redacted:password>@//ora.corp.example:1521/APP: ORA-01017: invalid username/password; logon denied`,
	},
	{
		"dsn-mongo",
		`error parsing uri: lookup _mongodb._tcp.cluster0.mongodb.net: mongodb+srv://<redacted:url-userinfo>@cluster0.mongodb.net/app?retryWrites=tru` +
			`e`,
	},
	{"dsn-redis", `redis: invalid URL redis://<redacted:url-userinfo>@redis-master.cache:6379/0`},
	{
		"dsn-amqp",
		`Failed to dial amqp://<redacted:url-userinfo>@rabbit:5672/%2f: Exception (403) Reason: "username or password not allowed"`,
	},
	{"dsn-mssql", `mssql: login error: sqlserver://<redacted:url-userinfo>@sql:1433?database=app`},
	{
		"dsn-snowflake",
		`260008: failed to connect to db. <redacted:url-userinfo>@corp-eu1.snowflakecomputing.com/ANALYTICS/PUBLIC?warehouse=WH`,
	},
	{
		"dsn-clickhouse",
		`clickhouse://<redacted:url-userinfo>@ch:9000/app?dial_timeout=200ms: code: 516, message: default: Authentication failed`,
	},
	{"dsn-clickhouse-q", `tcp://ch:9000?username=app&password=<redacted:password>&database=app: i/o timeout`},
	{
		"dsn-cassandra",
		`gocql: unable to create session: <redacted:session>:"cassandra", Password:"<redacted:password>"}`,
	},
	{
		"dsn-ldap",
		`ldap: bind dn "cn=admin,dc=corp" bindPassword "<redacted:password>": LDAP Result Code 49 "Invalid Credentials"`,
	},
	{
		"dsn-es",
		`elastic: http://<redacted:url-userinfo>@es-http:9200: health check timeout: no Elasticsearch node available`,
	},
	{
		"dsn-smtp",
		`smtp://<redacted:url-userinfo>@mail.corp.example:587: 535 5.7.8 Authentication credentials invalid`,
	},
	{
		"dsn-kafka",
		`sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="app" password="<redacted:password>";`,
	},
	{"dsn-s3fs", `s3://<redacted:url-userinfo>@backups/velero?region=eu-central-1: InvalidAccessKeyId`},
	{"cookie", `GET /api/v1/session 403: Cookie: <redacted:cookie>`},
	{"set-cookie", `unexpected redirect: Set-Cookie: <redacted:cookie>`},
	{
		"hdr-go-map",
		`request headers: map[Accept:[application/json] Authorization:[<redacted:authorization>] Private-Token:[<redacted:token>] X-Api-Key:[<redacte` +
			`d:api-key>]]`,
	},
	{
		"hdr-go-hdr",
		`http.Header{"Authorization":[]string{"Basic <redacted:authorization>"}, "Cookie":[]string{"sid=<redacted:session>"}}`,
	},
	{"tf-var", `tofu: TF_VAR_db_password="<redacted:password>": invalid value for variable`},
	{"base64-kubeconfig", `invalid kubeconfig: <redacted:base64>`},
	{"base64-env", `could not decode userdata <redacted:base64>`},
	{"hex-body", `unexpected response body (hex): <redacted:hex>`},
	{"pct-body", `cannot parse form "grant_type%3Dpassword%26username%3Dapp%26password%<redacted:password>"`},
	{"q-in-q", `error: "values: \"auth: {password: \\\"<redacted:password>\\\"}\""`},
}
