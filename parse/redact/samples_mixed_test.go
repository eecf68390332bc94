package redact_test

// exactMixed are the rows of the samples of fixtures/secrets/mixed.txtar.
var exactMixed = []exact{
	{
		"url-at-colon-slash",
		`parse "https://<redacted:url-userinfo>@harbor.example.com/chartrepo": net/url: invalid userinfo`,
	},
	{
		"credential-helper",
		`credential helper: {"ServerURL":"https://eu.gcr.io","Username":"_json_key","Secret":"<redacted:secret>"}`,
	},
	{"proxy-digest", `Proxy-Authorization: <redacted:authorization>`},
	{
		"go-map-auth",
		`spec.containers[0].env: Duplicate value: map[name:REDIS_AUTH value:<redacted:authorization>]`,
	},
	{
		"go-map-ampersand",
		`Helm upgrade failed: execution error at (app/templates/secret.yaml:4:3): auth: map[database:app enabled:true password:<redacted:password> po` +
			`stgresPassword:<redacted:password> username:app]`,
	},
	{"dsn-cut-off", `failed: postgres://<redacted:url-userinfo>`},
	{"sentence-passphrase", `the passphrase for the key is <redacted:password> but key is encrypted`},
	{
		"url-spaces",
		`could not open remote "http://<redacted:url-userinfo>@10.4.0.2:3128/fleet.git": malformed URL`,
	},
	{
		"azure-client-secret",
		"ClientSecretCredential authentication failed\nPOST https://login.microsoftonline.com/6f1b8a2e-1111-4c1d-9a70-b2ab5d2c7a11/oauth2/v2.0/token\nc" +
			`lient_id=0b1f8c5e-2222-4c1d-9a70-b2ab5d2c7a11&client_secret=<redacted:secret>&grant_type=client_credentials`,
	},
	{
		"docker-pat",
		`login to docker.io failed: dckr_pat <redacted:token> unauthorized: incorrect username or password`,
	},
	{
		"telegram",
		`unable to send telegram: Post "https://api.telegram.org/bot<redacted:webhook>": 401 Unauthorized`,
	},
	{
		"age-key",
		`cannot get sops data key: no identity matched any of the recipients; tried <redacted:age-key>`,
	},
	{"jdbc-oracle", `jdbc:oracle:thin:scott/<redacted:password>@//ora.example.com:1521/ORCL: ORA-01017`},
	{
		"go-header-map",
		`request headers: map[Accept:[*/*] Authorization:[<redacted:authorization>] User-Agent:[fluxcd/1.0]]`,
	},
	{
		"env-escaped-yaml",
		`- name: RABBITMQ_DEFAULT_PASS\n  value: \"<redacted:password>\"\n: strict decoding error`,
	},
	{
		"helm-user-values",
		"USER-SUPPLIED VALUES:\nminio:\n  rootUser: admin\n  rootPassword: <redacted:password>\nlicenseKey: <redacted:secret>",
	},
	{
		"number-in-json",
		`json: cannot unmarshal number <redacted:secret> into Go struct field Secret.stringData.pin of type string; password: <redacted:pin>`,
	},
	{"ecr-password", `ecr: GetAuthorizationToken: password <redacted:password> expired`},
	{"stripe-restricted", `stripe: Invalid API Key provided: <redacted:api-key>`},
	{"hex-env", `secret data (hex): <redacted:hex>`},
	{
		"escaped-slashes",
		`{"webhook":"https:\/\/hooks.slack.com\/services\/T0JSSI40FN\/B0SEGFDOHR\/<redacted:base64>"}`,
	},
	{"url-at-slash", `unable to clone 'https://<redacted:url-userinfo>@git.example.com/x.git': EOF`},
	{"url-at-hash", `unable to clone "https://<redacted:url-userinfo>@localhost:3000/x.git": EOF`},
	{
		"url-cut-in-json",
		`{"level":"error","error":"Get \"https://<redacted:url-userinfo>\": EOF","next":"5m0s"}`,
	},
	{"sentence-password-for", `the password for user flux is <redacted:password> and is rejected`},
	{"go-map-ampersand-first", `map[password:<redacted:password> user:app]`},
	{"env-auth", `REDIS_AUTH=<redacted:authorization> ./start: exit status 1`},
	{
		"record-slash-at",
		`{"level":"error","ts":"2026-11-27T18:40:01.1Z","msg":"Reconciler error","controller":"gitrepository","error":"failed to checkout: unable to ` +
			`clone 'https://<redacted:url-userinfo>@git.acme.dev/fleet': authentication required"}`,
	},
	{"rabbitmqctl", `rabbitmqctl add_user app <redacted:secret>: exit 69`},
	{
		"record-patch",
		`{"level":"info","msg":"server-side apply completed","output":{"Secret/apps/db":"configured"},"patch":"{\"stringData\":\"<redacted:secret-dat` +
			`a>\"}"}`,
	},
	{
		"schema-integer",
		`{"level":"error","error":"Helm upgrade failed: values.postgresql.auth.password: Invalid type. Expected: string, given: integer (<redacted:se` +
			`cret-data>)"}`,
	},
	{"psql-quoted", `PGPASSWORD='<redacted:password>' psql -h pg: FATAL`},
	{
		"yaml-colons",
		"error converting YAML to JSON: yaml: line 5: mapping values are not allowed in this context\nstringData:\n  <redacted:secret-data>",
	},
	{
		"strategic-merge",
		`strategic merge patch: map: map[stringData:map[<redacted:secret-data>]] does not contain declared merge key: name`,
	},
	{
		"url-userinfo-struct",
		`&url.URL{Scheme:"https", User:(*url.Userinfo){username:"bot", password:"<redacted:password>", passwordSet:true}, Host:"git"}`,
	},
	{"byte-conversion", `corev1.Secret{Data: map[string][]byte{<redacted:secret-data>}}`},
	{"s3-xml", `S3: <Error><Code>InvalidToken</Code><Token-0><redacted:token></Token-0></Error>`},
	{"odbc-braces", `odbc: DRIVER={ODBC Driver 18};SERVER=sql;UID=sa;PWD={<redacted:password>};Encrypt=yes`},
	{"okta", `okta SSWS <redacted:base64> invalid session`},
	{
		"url-slash-at",
		`dial tcp: lookup 'mongodb://<redacted:url-userinfo>@mongo.example.com:27017/fleet': no such host`,
	},
	{"rabbitmqctl-change", `exec: rabbitmqctl change_password app <redacted:secret> exited with 70`},
	{"go-struct-quotes", `bad auth &{User:app Password:<redacted:password> Host:pg}`},
	{"go-struct-semicolon", `bad auth &{User:app Password:<redacted:password> Host:pg}`},
	{"go-struct-comma", `bad auth map[password:<redacted:password> user:app]`},
	{"go-struct-empty-next", `bad auth {Password:<redacted:password> Token: CAFile:[]}`},
	{"go-env-phrase", `invalid env EnvVar{Name:DB_PASSWORD,Value:<redacted:password>,ValueFrom:nil,}`},
	{"go-env-map-phrase", `duplicate env map[name:DB_PASSWORD value:<redacted:password>]`},
	{"ado-phrase", `Server=sql;User ID=app;Password=<redacted:password>;Encrypt=yes: Login failed`},
	{"settings-phrase", "cannot parse app.ini: [db]\npassword=<redacted:password>\nuser=app"},
	{"helm-set-quotes", `helm upgrade x --set 'auth.password=<redacted:password>' failed: exit status 1`},
	{"flag-comma", `flux create --username=x --password=<redacted:password> --url=https://git.acme.io`},
	{"flag-brackets", `flux create --username=x --password=(<redacted:password> --url=https://git.acme.io`},
	{"url-hash-first", `unable to clone https://<redacted:url-userinfo>@git.acme.io/x: EOF`},
	{"url-question-first", `unable to clone https://<redacted:url-userinfo>@git.acme.io/x: EOF`},
	{"dsn-apostrophe", `dsn <redacted:url-userinfo>@tcp(mysql:3306)/db: denied`},
	{"sentence-equals", `password "<redacted:password>" was rejected by the server`},
	{"literal-phrase", `NewSecretFromArgs: literal source invalid: "DB_PASSWORD=<redacted:password>"`},
	{"logfmt-phrase", `level=info error="PASSWORD=<redacted:password>"`},
	{
		"helm-patch",
		`{"level": "error", "ts": "2026-11-27T19:00:00.1Z", "msg": "Reconciler error", "controller": "helmrelease", "error": "Helm upgrade failed for` +
			` release apps/shop with chart shop@1.2.3: cannot patch \"shop-db\" with kind Secret:  \"\" is invalid: patch: Invalid value: \"{\\\"stringDa` +
			`ta\\\":\\\"<redacted:secret-data>\\\"}\": illegal base64"}`,
	},
	{
		"kustomize-field",
		`{"level": "error", "ts": "2026-11-27T19:00:00.1Z", "msg": "Reconciler error", "controller": "helmrelease", "error": "kustomize build failed:` +
			` updating name reference in 'stringData/password' field: considering field value \"<redacted:secret>\""}`,
	},
	{
		"unknown-field",
		`{"level": "error", "ts": "2026-11-27T19:00:00.1Z", "msg": "Reconciler error", "controller": "helmrelease", "error": "unable to recognize \"\` +
			`": json: unknown field \"passwrod\": <redacted:password>"}`,
	},
	{
		"app-key-der",
		`{"level": "error", "ts": "2026-11-27T19:00:00.1Z", "msg": "Reconciler error", "controller": "helmrelease", "error": "GitHub App private key ` +
			`must be PEM: got \"<redacted:secret>\""}`,
	},
	{
		"age-identity",
		`{"level": "error", "ts": "2026-11-27T19:00:00.1Z", "msg": "Reconciler error", "controller": "helmrelease", "error": "sops: error decrypting:` +
			` age: identity file line 3: \"<redacted:age-key>\" : malformed"}`,
	},
	{
		"sentry-dsn",
		`{"level": "error", "ts": "2026-11-27T19:00:00.1Z", "msg": "Reconciler error", "controller": "helmrelease", "error": "sentry: https://<redact` +
			`ed:url-userinfo>@sentry.acme.io/3: bad dsn"}`,
	},
	{
		"zulip",
		`{"level": "error", "ts": "2026-11-27T19:00:00.1Z", "msg": "Reconciler error", "controller": "helmrelease", "error": "zulip: bot@zulip.acme.i` +
			`o:<redacted:base64> 401"}`,
	},
	{
		"log-in-log",
		`{"stream":"stderr","log":"{\"level\":\"error\",\"error\":\"password=<redacted:password>\"}\n"}`,
	},
	{"json-in-json-token", `{"message":"{\"a\":\"{\\\"apiToken\\\":\\\"<redacted:token>\\\"}\"}"}`},
	{"field-value", `field "password": value "<redacted:password>" fails pattern ^[A-Z]`},
	{"two-phrases", `Error: password mismatch: "<redacted:password>"`},
	{"env-list-phrase", `container failed, env: [DB_HOST=pg DB_PASSWORD=<redacted:password> DB_PORT=5432]`},
	{"config-phrase", `oci: pass_phrase=<redacted:password> key_file=/x: bad decrypt`},
	{"sentence-slash", `credentials <redacted:secret> rejected by https://charts.acme.io`},
	{"sentence-changed", `password changed from <redacted:password>`},
	{"base64-json", `payload: <redacted:base64>`},
	{"pem-escaped", `cert bundle: <redacted:pem>\n<redacted:pem>`},
	{
		"putty-key",
		"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n<redacted:base64>\nPrivate-MAC: <redacted:secret>",
	},
	{"db-url-semicolon", `container args: --db-url=postgres://<redacted:url-userinfo>@pg/x --v=2`},
	{"azure-sql", `azure sql: Password=<redacted:password>;Authentication=ActiveDirectoryPassword`},
	{
		"sts-json",
		`{"Credentials":{"AccessKeyId":"<redacted:secret>","SecretAccessKey":"<redacted:secret>","SessionToken":"<redacted:token>"}}`,
	},
	{"grafana-cookie", `cookie jar: grafana_session=<redacted:session>; grafana_session_expiry=1767225600`},
	{"opaque-bearer", `Authorization: <redacted:authorization>`},
	{"go-struct-between-empty", `bad auth &{Username: Password:<redacted:password> BearerToken: CAFile:[]}`},
	{"go-map-after-empty", `bad values map[existingSecret: password:<redacted:password> user:app]`},
	{"tag-at", `<user>app</user><password><redacted:password></password>`},
	{"dealt-0", `failed to authenticate: username=fluxbot password="<redacted:password>" realm=git`},
	{"dealt-1", `git.Auth{Username:"fluxbot", Password:"<redacted:password>"}`},
	{"dealt-2", `EnvVar{Name:GIT_PASSWORD,<redacted:url-userinfo>,ValueFrom:nil,}`},
	{"dealt-3", `auth.password: Invalid value: "<redacted:secret-data>": too weak`},
	{"dealt-4", `refused password '<redacted:password>' for fluxbot`},
	{"dealt-5", `Change stringData.password: "<redacted:password>"`},
	{"dealt-6", `redis requirepass "<redacted:password>" mismatch`},
	{"dealt-7", `docker login -u fluxbot -p "<redacted:password>" ghcr.io: denied`},
	{"dealt-8", `(string) (len=12) "<redacted:secret>" is the password`},
	{"dealt-9", `"password" : "<redacted:password>"`},
	{"flag-api-key", `exec [helm registry login --apiKey <redacted:api-key> ghcr.io]: exit status 1`},
	{"secret-invalid-value", `spec.secret: Invalid value: "<redacted:secret-data>": must match ^[a-z]`},
	{"launchdarkly", `401 for key <redacted:launchdarkly-key>`},
	{"hubspot", `unauthorized: <redacted:hubspot-token> is not valid`},
	{"flutterwave", `x: <redacted:flutterwave-key>`},
	{"newrelic-rest", `could not use <redacted:newrelic-key>`},
	{"pem-two-levels", `bad key: "<redacted:secret>"`},
	{"pem-ec", `bad key: "<redacted:secret>"`},
	{"pem-one-line", `key: <redacted:pem>`},
	{
		"pem-list",
		`key: ['<redacted:pem>', '<redacted:base64>', '<redacted:base64>', '<redacted:base64>', '<redacted:base64>', '-----END RSA PRIVATE KEY-----']`,
	},
	{"jwt-cut", `Bearer <redacted:authorization>`},
	{
		"nested-hook",
		`hook "https://discord.<redacted:base64>" "{\\\"url\\\":\\\"<redacted:url-userinfo>@x.io\\\"}"`,
	},
	{"bytes-list", `\x hex: password=<redacted:password>`},
	{"token-0", `could not use <redacted:figma-token> at https://api.acme.io`},
	{"token-1", `unauthorized: <redacted:cloudflare-key> is not valid`},
	{"token-2", `x: <redacted:grafana-token>`},
	{"token-3", `could not use <redacted:perplexity-key> at https://api.acme.io`},
	{"token-4", `unauthorized: <redacted:gitlab-token> is not valid`},
	{"token-5", `x: <redacted:slack-token>`},
	{"token-6", `could not use <redacted:aws-key>:<redacted:base64> at https://api.acme.io`},
	{"token-7", `unauthorized: <redacted:anthropic-key> is not valid`},
	{"env-folded", "env:\n- name: MAIL_PASSWORD\n  value: >\n    <redacted:password>\n- name: X"},
	{"args-items", "args:\n- --password\n- <redacted:password>\n- --verbose"},
	{"env-semicolon", `DB_PASSWORD=<redacted:password> API_KEY=<redacted:api-key> ./run: exit status 1`},
	{"license-serial", `chart values: license: <redacted:secret>`},
	{"mnemonic", `mnemonic: "<redacted:password>"`},
	{
		"many-0",
		`values: map[a:map[password:<redacted:password>] b:map[password:<redacted:password>] c:map[token:<redacted:token>]]`,
	},
	{"many-1", `stringData: <redacted:secret-data>`},
	{"many-2", `data: <redacted:secret-data>`},
	{
		"many-3",
		`cannot patch: {"spec":{"template":{"spec":{"containers":[{"env":[{"name":"TOKEN","value":"<redacted:token>"},{"name":"X","value":"y"}]}]}}}}`,
	},
	{"many-4", `command: ["psql","postgres://<redacted:url-userinfo>@h/db"]`},
	{"many-5", `{"ldap":{"bindDN":"cn=x","bindPW":"<redacted:password>"}}`},
	{"many-6", `master key "<redacted:secret>" rotated`},
	{"path-string-data", `cannot replace secret/app.stringData.password: "<redacted:password>"`},
	{
		"late-0",
		`{"level": "error", "ts": "2026-11-27T19:31:00.000Z", "logger": "x", "msg": "Reconciler error", "error": "unable to clone 'https://<redacted:` +
			`url-userinfo>@bitbucket.org/x': 403"}`,
	},
	{
		"late-1",
		`{"level": "error", "ts": "2026-11-27T19:31:00.000Z", "logger": "x", "msg": "Reconciler error", "error": "admission webhook \"policy.example\` +
			`" denied the request: container env SMTP_PASSWORD=\"<redacted:password>\" must come from a Secret"}`,
	},
	{
		"late-3",
		`{"level": "error", "ts": "2026-11-27T19:31:00.000Z", "logger": "x", "msg": "Reconciler error", "error": "slack: https://hooks.slack.com/trig` +
			`gers/<redacted:webhook> 404"}`,
	},
	{
		"late-4",
		`{"level": "error", "ts": "2026-11-27T19:31:00.000Z", "logger": "x", "msg": "Reconciler error", "error": "azure devops: Basic <redacted:autho` +
			`rization> 203"}`,
	},
	{
		"late-5",
		`{"level": "error", "ts": "2026-11-27T19:31:00.000Z", "logger": "x", "msg": "Reconciler error", "error": "terraform: var.db_password = \"<red` +
			`acted:password>\" invalid"}`,
	},
	{
		"late-6",
		`{"level": "error", "ts": "2026-11-27T19:31:00.000Z", "logger": "x", "msg": "Reconciler error", "error": "twine: TWINE_PASSWORD=<redacted:pas` +
			`sword>"}`,
	},
	{"url-slash-at-tail", `unable to clone 'https://<redacted:url-userinfo>@git.example.com/x': EOF`},
	{"url-slash-at-version", `unable to fetch https://<redacted:url-userinfo>@git.example.com/x@v1.2.0: EOF`},
}
