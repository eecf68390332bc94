package redact_test

// exactEveryday are the rows of the samples of fixtures/secrets/everyday.txtar.
var exactEveryday = []exact{
	{
		"git-clone-oauth",
		`failed to checkout and determine revision: unable to clone 'https://<redacted:url-userinfo>@gitlab.acme.io/platform/fleet.git': authenticati` +
			`on required: HTTP Basic: Access denied`,
	},
	{
		"git-remote-rejected",
		`failed to push to remote: command error on refs/heads/main: remote rejected (https://<redacted:url-userinfo>@github.com/acme/fleet): protect` +
			`ed branch hook declined`,
	},
	{
		"git-ssh-known",
		`unable to clone 'ssh://<redacted:url-userinfo>@git.acme.io:2222/fleet.git': ssh: handshake failed: knownhosts: key is unknown`,
	},
	{
		"git-percent",
		`failed to list remote: Get "https://<redacted:url-userinfo>@bitbucket.acme.io/scm/ops/fleet.git/info/refs?service=git-upload-pack": EOF`,
	},
	{
		"git-unicode",
		`failed to list remote: Get "https://<redacted:url-userinfo>@git.acme.io/fleet.git": remote error: access denied`,
	},
	{
		"azure-devops-pat",
		`unable to list remote 'https://<redacted:url-userinfo>@dev.azure.com/acme/ops/_git/fleet': unexpected client error: 401 Unauthorized`,
	},
	{
		"github-app-pem-escaped",
		`failed to configure authentication options: failed to parse private key: invalid key: "<redacted:secret>"`,
	},
	{
		"ssh-identity-lines",
		"failed to parse private key '<redacted:secret>': ssh: no key found in:\n<redacted:pem>",
	},
	{"ssh-line-single", `yaml: line 4: could not find expected ':': "<redacted:base64>"`},
	{
		"helm-login-basic",
		`failed to login to OCI registry 'oci://registry.acme.io/charts': login attempt to https://registry.acme.io/v2/ failed with status: 401 Unaut` +
			`horized (user "ci-bot", password "<redacted:password>")`,
	},
	{
		"helm-repo-userinfo",
		`failed to fetch Helm repository index: failed to cache index to temporary file: Get "https://<redacted:url-userinfo>@harbor.acme.io/chartrep` +
			`o/lib/index.yaml": x509: certificate signed by unknown authority`,
	},
	{
		"helm-values-dump",
		"Helm install failed for release apps/postgres: values don't meet the specifications of the schema(s) in the following chart(s):\npostgresql:\n" +
			`- auth: Additional property postgresPasswrd is not allowed, got {"postgresPasswrd":"<redacted:password>","username":"app"}`,
	},
	{
		"helm-values-yaml",
		"cannot patch values for release \"grafana\": \nadminUser: admin\nadminPassword: <redacted:password>\nsmtp:\n  host: mail.acme.io:587\n  user: grafa" +
			"na@acme.io\n  password: \"<redacted:password>\"",
	},
	{
		"helm-set",
		`failed parsing --set data "db.user=app,db.password=<redacted:password>,db.host=pg": key "host" has no value`,
	},
	{
		"helm-secret-tpl",
		`template: app/templates/secret.yaml:9:18: executing "app/templates/secret.yaml" at <b64enc>: wrong type for value; expected string; got map[` +
			`string]interface {}: map[password:<redacted:password> username:app]`,
	},
	{
		"kubeconfig-token",
		"failed to create kubeconfig: unable to load: couldn't get version/kind; json parse error: yaml: users:\n- name: flux\n  user:\n    token: <reda" +
			`cted:token>`,
	},
	{
		"kubeconfig-certs",
		`error loading config: users:[{name:admin user:{client-certificate-data:<redacted:base64> client-key-data:<redacted:secret>}}]`,
	},
	{
		"sa-jwt-invalid",
		`Kustomization/flux-system/apps dry-run failed: Unauthorized: invalid bearer token, square/go-jose: unable to parse <redacted:jwt>`,
	},
	{
		"s3-signature",
		`bucket 'flux-artifacts' error: The request signature we calculated does not match. AWSAccessKeyId=<redacted:secret> StringToSign=AWS4-HMAC-S` +
			`HA256 Secret=<redacted:secret>`,
	},
	{
		"s3-presigned",
		`failed to download object: Get "https://acme.s3.eu-west-1.amazonaws.com/a.tgz?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=<redacted:si` +
			`gnature>&X-Amz-Security-Token=<redacted:token>&X-Amz-Signature=<redacted:signature>": dial tcp: i/o timeout`,
	},
	{
		"aws-env-struct",
		`failed to get credentials: {AccessKeyID:<redacted:secret> SecretAccessKey:<redacted:secret> SessionToken:<redacted:token> Source:EnvConfigCr` +
			`edentials CanExpire:false Expires:0001-01-01 00:00:00 +0000 UTC}`,
	},
	{
		"ecr-token",
		`failed to configure registry auth: GetAuthorizationToken: authorizationToken "<redacted:token>" could not be decoded`,
	},
	{
		"azure-sas-blob",
		`failed to get blob: Get "https://acme.blob.core.windows.net/charts/app.tgz?sv=2022-11-02&ss=b&srt=co&sp=rl&se=2026-12-01T00:00:00Z&sig=<reda` +
			`cted:signature>": 403 AuthenticationFailed`,
	},
	{
		"azure-conn",
		`failed to build client: invalid connection string: <redacted:secret>;AccountName=acmeflux;AccountKey=<redacted:secret>;EndpointSuffix=core.w` +
			`indows.net`,
	},
	{
		"azure-eventhub",
		`failed to send notification: Endpoint=sb://fluxns.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=<redacted:secret>;EntityP` +
			`ath=flux: unexpected EOF`,
	},
	{
		"azure-sp",
		`failed to login: ClientSecretCredential authentication failed: tenant 1b2c3d4e-0000-4111-8222-333344445555 client secret <redacted:secret> e` +
			`xpired`,
	},
	{
		"gcp-json",
		`failed to configure bucket client: google: could not parse credentials: {"type":"service_account","project_id":"acme","private_key_id":"<red` +
			`acted:secret>","private_key":"<redacted:secret>","client_email":"flux@acme.iam.gserviceaccount.com"}`,
	},
	{
		"gcp-oauth",
		`oauth2: cannot fetch token: 400 Bad Request Response: {"error":"invalid_grant","refresh_token":"<redacted:token>"}`,
	},
	{
		"gcp-access",
		`failed to pull artifact: GET https://europe-docker.pkg.dev/v2/acme/charts/manifests/1.0.0: UNAUTHORIZED: token <redacted:token> has expired`,
	},
	{
		"docker-config",
		`failed to get authentication: unmarshal docker config: {"auths":{"ghcr.io":{"username":"flux","password":"<redacted:password>","auth":"<reda` +
			`cted:authorization>"}}}`,
	},
	{
		"docker-config-b64",
		`Secret "regcred" is invalid: data[.dockerconfigjson]: Invalid value: "<redacted:secret-data>": invalid character '}' looking for beginning o` +
			`f value`,
	},
	{
		"slack",
		`postMessage failed: failed to execute request: Post "https://hooks.slack.<redacted:base64>": context deadline exceeded`,
	},
	{"teams", `postMessage failed: Post "https://acme.webhook.office.com/<redacted:webhook>": 410 Gone`},
	{
		"teams-workflow",
		`postMessage failed: Post "https://prod-42.westeurope.logic.azure.com:443/workflows/<redacted:webhook>?api-version=2016-06-01&sp=%2Ftriggers%` +
			`2Fmanual%2Frun&sv=1.0&sig=<redacted:signature>": 202`,
	},
	{
		"discord",
		`failed to send: Post "https://discord.<redacted:base64>?wait=true": 404 Not Found: Unknown Webhook`,
	},
	{
		"telegram",
		`failed to send notification: telegram: Post "https://api.telegram.org/bot<redacted:webhook>": Forbidden: bot was kicked`,
	},
	{
		"googlechat",
		`postMessage failed: Post "https://chat.googleapis.com/v1/spaces/AAAAkL3mN8q/messages?key=<redacted:secret>&token=<redacted:token>": 400`,
	},
	{
		"pagerduty",
		`failed to send event: {"routing_key":"<redacted:secret>","event_action":"trigger"}: 400 Bad Request`,
	},
	{"opsgenie", `failed to create alert: 422: Authorization: <redacted:authorization>`},
	{
		"sentry-dsn",
		`failed to init sentry: [Sentry] DsnParseError: https://<redacted:url-userinfo>@o12345.ingest.sentry.io/67890`,
	},
	{
		"age",
		`failed to decrypt: cannot get sops data key with age: failed to parse identity <redacted:age-key>: malformed secret key`,
	},
	{
		"sops-age-multi",
		`error importing keys: key file 'age.agekey': line 3: "# created: 2026-01-01\n# public key: age1qyqszqgp\n<redacted:age-key>\n"`,
	},
	{"gpg", `failed to import pgp key: openpgp: invalid data: <redacted:pem>`},
	{
		"vault-token",
		`failed to decrypt: Error making API request. URL: PUT https://vault.acme.io/v1/transit/decrypt/sops Code: 403. X-Vault-Token: <redacted:toke` +
			`n> permission denied`,
	},
	{
		"vault-approle",
		`error logging in to vault: PUT /v1/auth/approle/login {"role_id":"8f3e2d1c-0b9a-4877-8655-443322110f0e","secret_id":"<redacted:secret>"}: in` +
			`valid secret id`,
	},
	{
		"pg-dsn",
		"failed to connect to `host=pg.acme.io user=app database=app`: dsn \"host=pg.acme.io user=app password=<redacted:password> dbname=app sslmode=" +
			`require": server error (FATAL: password authentication failed)`,
	},
	{
		"pg-url",
		`Job/apps/migrate failed: pq: could not parse "postgres://<redacted:url-userinfo>@pg:5432/app?sslmode=disable": invalid port`,
	},
	{
		"mysql-dsn",
		`Error 1045 (28000): Access denied for user 'app'@'10.0.0.7' (using password: YES) dsn=<redacted:secret>`,
	},
	{
		"mongo-srv",
		`error parsing uri: mongodb+srv://<redacted:url-userinfo>@cluster0.k3mn8.mongodb.net/?retryWrites=true: lookup _mongodb._tcp: no such host`,
	},
	{
		"redis-url",
		`dial redis: parse "rediss://<redacted:url-userinfo>@redis-master:6379/0": net/url: invalid userinfo`,
	},
	{
		"mssql",
		`mssql: login error: Server=tcp:sql.acme.io,1433;Initial Catalog=app;User ID=sa;Password=<redacted:password>;Encrypt=True: Login failed for u` +
			`ser 'sa'`,
	},
	{
		"oracle",
		`ORA-01017: invalid username/password; logon denied: connect string scott/<redacted:password>@//ora.acme.io:1521/XEPDB1`,
	},
	{
		"clickhouse",
		`code: 516, message: default: Authentication failed: clickhouse://<redacted:url-userinfo>@ch:9000/default?dial_timeout=10s`,
	},
	{
		"amqp",
		`Exception (403) Reason: "username or password not allowed": amqps://<redacted:url-userinfo>@rabbit.acme.io:5671/vhost`,
	},
	{
		"kafka-sasl",
		`kafka: client has run out of available brokers: sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="` +
			`flux" password="<redacted:password>";`,
	},
	{
		"jdbc",
		`HikariPool-1 - Exception: jdbc:postgresql://pg:5432/app?user=app&password=<redacted:password>&ssl=true: FATAL`,
	},
	{"elastic", `elasticsearch: cluster https://<redacted:url-userinfo>@es.acme.io:9200 unreachable: 401`},
	{
		"cookie",
		`unexpected status 403 from https://argocd.acme.io/api: request headers: map[Cookie:[<redacted:cookie>] User-Agent:[Go-http-client/2.0]]`,
	},
	{"set-cookie", `unexpected redirect: HTTP/1.1 302 Found Set-Cookie: <redacted:cookie>`},
	{"basic-header", `webhook returned 401: Authorization: <redacted:authorization>`},
	{
		"headers-map",
		`failed to call receiver: map[Authorization:[<redacted:authorization>] Content-Type:[application/json] X-Signature:[sha256=5f3c9a1b7d2e4f6081` +
			`a3c5e7092b4d6f8a1c3e5f70921b3d5f7a9c1e3f507192]]`,
	},
	{
		"env-pairs",
		`Deployment/apps/api invalid: spec.template.spec.containers[0].env: [{"name":"DB_HOST","value":"pg"},{"name":"DB_PASSWORD","value":"<redacted` +
			`:password>"},{"name":"STRIPE_KEY","value":"<redacted:secret>"}]`,
	},
	{
		"env-go",
		`cannot decode: []v1.EnvVar{v1.EnvVar{Name:"API_TOKEN", Value:"<redacted:token>", ValueFrom:(*v1.EnvVarSource)(nil)}}`,
	},
	{
		"env-yaml",
		"failed to apply: containers:\n- env:\n  - name: SMTP_PASSWORD\n    value: <redacted:password>\n  - name: LOG_LEVEL\n    value: debug",
	},
	{
		"b64-stringdata",
		`Secret/apps/db dry-run failed: Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 5: data: password: <r` +
			`edacted:password>, username: YXBw`,
	},
	{
		"secret-last-applied",
		`Apply failed: {"apiVersion":"v1","kind":"Secret","metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"apiVersio` +
			`n\":\"v1\",\"data\":\"<redacted:secret-data>\",\"kind\":\"Secret\"}\n"}}}`,
	},
	{
		"kustomize-secretgen",
		`kustomize build failed: accumulating resources: secretGenerator literals [username=app password=<redacted:password>]: invalid literal source`,
	},
	{
		"kustomize-envfile",
		`kustomize build failed: loading KV pairs: env source files: [secret.env]: invalid line 2: "API_KEY <redacted:api-key>" expected key=value`,
	},
	{
		"postbuild",
		`post build failed for 'apps': envsubst error: variable substitution failed: unable to parse variable name: ${DB_PASSWORD:=<redacted:password` +
			`>}`,
	},
	{
		"provider-address",
		`failed to initialize provider: invalid address 'https://<redacted:url-userinfo>@alertmanager.acme.io': parse error`,
	},
	{
		"github-dispatch",
		`could not create status: POST https://api.github.com/repos/acme/fleet/statuses/9f8e7d6c: 401 Bad credentials [token <redacted:token>]`,
	},
	{
		"cosign",
		`failed to verify signature: cosign: decrypt: encrypted: decryption failed, COSIGN_PASSWORD=<redacted:password>`,
	},
	{
		"notation-store",
		`failed to load trust policy: {"registryUser":"flux","registryPassword":"<redacted:password>"}`,
	},
	{
		"proxy-url",
		`failed to fetch artifact: proxyconnect tcp: dial tcp: lookup http://<redacted:url-userinfo>@proxy.acme.io:3128: no such host`,
	},
	{"datadog", `failed to post event: {"errors":["Forbidden"]} DD-API-KEY: <redacted:api-key>`},
	{
		"grafana-token",
		`postMessage failed: POST https://grafana.acme.io/api/annotations: 401 {"message":"Invalid API key"} Bearer <redacted:authorization>`,
	},
	{
		"matrix",
		`failed to send: PUT https://matrix.acme.io/_matrix/client/r0/rooms/!abc:acme.io/send/m.room.message/1?access_token=<redacted:token>: M_UNKNO` +
			`WN_TOKEN`,
	},
	{
		"nats",
		`nats: Authorization Violation: nats://<redacted:url-userinfo>@nats.acme.io:4222 user creds seed <redacted:base64>`,
	},
	{"rocket", `Post "https://chat.acme.<redacted:base64>": 404`},
	{
		"secret-go-struct",
		`failed to apply: &Secret{ObjectMeta:{db-creds  apps    0 0001-01-01 00:00:00 +0000 UTC <nil> <nil> map[] map[] [] [] []},Data:map[string][]b` +
			`yte{<redacted:secret-data>},Type:Opaque,StringData:map[string]string{<redacted:secret-data>},Immutable:nil,}`,
	},
	{
		"secret-v-map",
		`dry-run failed, object: map[apiVersion:v1 kind:Secret metadata:map[name:db namespace:apps] stringData:map[<redacted:secret-data>] type:Opaqu` +
			`e]`,
	},
	{
		"secret-yaml-dump",
		"failed to decode object: error converting YAML to JSON: yaml: line 9: mapping values are not allowed in this context\napiVersion: v1\nkind: Se" +
			"cret\nmetadata:\n  name: db\nstringData:\n  <redacted:secret-data>",
	},
	{
		"creds-ini",
		"failed to parse credentials file: line 3: unexpected key: [default]\naws_access_key_id = <redacted:secret>\naws_secret_access_key = <redacted:" +
			"secret>\nregion = eu-west-1",
	},
	{
		"aws-cli-json",
		`unexpected end of JSON input: {"Credentials":{"AccessKeyId":"<redacted:secret>","SecretAccessKey":"<redacted:secret>","SessionToken":"<redac` +
			`ted:token>","Expiration":"2026-11-27T`,
	},
	{
		"sts-xml",
		`could not unmarshal STS response: <AssumeRoleResult><Credentials><redacted:secret></AccessKeyId><SecretAccessKey><redacted:secret></SecretAc` +
			`cessKey><SessionToken><redacted:token></SessionToken></Credentials></AssumeRoleResult>`,
	},
	{
		"git-cred-helper",
		"git credential fill: fatal: protocol=https\nhost=git.acme.io\nusername=flux\npassword=<redacted:password>\nquit=1",
	},
	{
		"netrc",
		`failed to parse netrc: bad toplevel token 'foo' in: machine git.acme.io login flux password <redacted:password>`,
	},
	{
		"known-hosts-and-key",
		`failed to configure auth: secret 'flux-system': keys [identity identity.pub known_hosts], identity="<redacted:pem>"`,
	},
	{"key-no-header", `asn1: structure error: tags don't match: <redacted:base64>`},
	{"key-wrapped-indent", "error validating: spec.githubAppPrivateKey: Invalid value:\n    <redacted:pem>"},
	{
		"gitea-token",
		`failed to list pull requests: GET https://gitea.acme.io/api/v1/user?token=<redacted:token>: 403`,
	},
	{
		"gitlab-trigger",
		`POST https://gitlab.acme.io/api/v4/projects/4/trigger/pipeline -F token=<redacted:token> -F ref=main: 404`,
	},
	{"bitbucket-app-pw", `failed to set commit status: Bitbucket: 401 for <redacted:password>`},
	{
		"dingtalk",
		`postMessage failed: Post "https://oapi.dingtalk.com/robot/send?access_token=<redacted:token>": errcode 310000`,
	},
	{
		"wecom",
		`Post "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=<redacted:secret>": invalid webhook url`,
	},
	{"lark", `Post "https://open.feishu.cn/open-apis/bot/v2/hook/<redacted:webhook>": 19001 param invalid`},
	{"webex", `postMessage failed: Webex 401: Authorization: <redacted:authorization>`},
	{
		"mattermost",
		`Post "https://mm.acme.io/hooks/<redacted:webhook>": 403 Incoming webhooks have been disabled`,
	},
	{
		"zulip",
		`Post "https://acme.zulipchat.com/api/v1/external/grafana?api_key=<redacted:api-key>&stream=ops": 401`,
	},
	{
		"alertmanager-basic",
		`failed to notify: Post "https://<redacted:url-userinfo>@alertmanager.acme.io/api/v2/alerts/": bad gateway`,
	},
	{"receiver-hmac", `unable to validate HMAC signature: key "<redacted:secret>", got <redacted:secret>`},
	{"receiver-path", `GET /hook/<redacted:webhook>: no matching receiver`},
	{"es-apikey", `elasticsearch: 401: headers: Authorization: <redacted:authorization>`},
	{
		"snowflake",
		`260002: failed to connect: <redacted:url-userinfo>@acme-eu/PROD/PUBLIC?warehouse=WH: 390100 Incorrect username`,
	},
	{
		"cassandra",
		`gocql: unable to create session: authenticator PasswordAuthenticator{Username:cassandra Password:<redacted:password> AllowedAuthenticators:[` +
			`]}`,
	},
	{"neo4j", `Neo4jError: bolt://<redacted:url-userinfo>@neo4j:7687: Neo.ClientError.Security.Unauthorized`},
	{"influx", `influxdb: unauthorized: Authorization: <redacted:authorization>`},
	{
		"couchbase",
		`unambiguous timeout: couchbases://cb.acme.io authenticator={Username:Administrator Password:<redacted:password>}`,
	},
	{
		"ldap",
		`LDAP Result Code 49 "Invalid Credentials": bind dn="cn=flux,dc=acme" password="<redacted:password>"`,
	},
	{"smtp", `535 5.7.8 Error: authentication failed: AUTH PLAIN <redacted:authorization>`},
	{"smtp-url", `failed to send mail: smtp://<redacted:url-userinfo>@smtp.acme.io:587: EOF`},
	{
		"consul",
		`Unexpected response code: 403 (rpc error making call: ACL not found) X-Consul-Token: <redacted:token>`,
	},
	{
		"etcd",
		`etcdserver: authentication failed, invalid user ID or password: <redacted:password> --endpoints=https://10.0.0.1:2379`,
	},
	{
		"minio-mc",
		`mc: <ERROR> Unable to initialize new alias: mc alias set flux https://minio.acme.io flux <redacted:secret>: Access Denied`,
	},
	{"docker-login", `exit status 1: docker login registry.acme.io -u ci -p <redacted:password>: unauthorized`},
	{
		"helm-registry-login",
		`command failed: helm registry login harbor.acme.io --username 'robot$flux' --password '<redacted:password>': exit status 1`,
	},
	{
		"kubectl-create",
		`error: failed to create secret: kubectl create secret generic db --from-literal=username=app --from-literal=password='<redacted:password>': ` +
			`already exists`,
	},
	{
		"curl-u",
		`postRenderer failed: curl -sSf -u <redacted:password> https://nexus.acme.io/repository/helm/index.yaml: exit status 22`,
	},
	{"sshpass", `hook failed: sshpass -p <redacted:password> ssh root@10.0.0.1: exit status 255`},
	{"pgpassword", `Job backoffLimit: PGPASSWORD=<redacted:password> psql -h pg -U app -c 'select 1': exit 2`},
	{
		"sops-dotenv",
		`failed to decrypt 'secret.env': Input string <redacted:sops-value> does not match sops' data format`,
	},
	{
		"sops-kms",
		`failed to get the data key: AWS_SECRET_ACCESS_KEY="<redacted:secret>": InvalidSignatureException`,
	},
	{
		"sops-azkv",
		`failed to decrypt: azkv: {tenantId: 1b2c3d4e-0000-4111-8222-333344445555, clientId: 2b2c3d4e-0000-4111-8222-333344445555, clientSecret: <red` +
			`acted:secret>}: invalid_client`,
	},
	{"gpg-passphrase", `gpg: decryption failed: Bad passphrase; --passphrase <redacted:password> --batch`},
	{
		"tf-vars",
		`terraform apply failed: Error: invalid value for variable db_password = "<redacted:password>": must be at least 12 characters`,
	},
	{"helm-diff", `spec.values.auth.rootPassword changed: <redacted:password>`},
	{
		"crd-schema",
		`HelmRelease.helm.toolkit.fluxcd.io "app" is invalid: spec.values.db.password: Invalid value: "<redacted:secret-data>": must be of type strin` +
			`g: "<redacted:secret>"`,
	},
	{"configmap-env", `envFrom: could not parse line "export GITHUB_TOKEN=<redacted:token>"`},
	{
		"pod-args",
		`container "api" args ["--db-user","app","--db-password","<redacted:password>","--verbose"] exited 1`,
	},
	{
		"cmdline-eq",
		`failed to start: /bin/app --redis-url=redis://<redacted:url-userinfo>@redis:6379/0 --jwt-secret=<redacted:secret>`,
	},
	{"cookie-jar", "#HttpOnly_.acme.io\tTRUE\t/\tTRUE\t1798365600\tSESSION\t<redacted:base64>"},
	{"csrf", `403 Forbidden: X-CSRF-Token: <redacted:token> does not match`},
	{
		"oidc-exchange",
		`oauth2: "invalid_client" client_id=flux&client_secret=<redacted:secret>&grant_type=authorization_code&code=<redacted:secret>`,
	},
	{"jwt-in-url", `Get "https://acme.io/api?jwt=<redacted:token>": 401`},
	{"jwe", `failed to decrypt token <redacted:token>`},
	{"ca-cert-pair", `tls: failed to find any PEM data in key input: tls.key=<redacted:secret>`},
	{
		"k8s-event-msg",
		`MountVolume.SetUp failed for volume "creds": {"client_id":"flux","client_secret":"<redacted:secret>","username":"svc","password":"<redacted:` +
			`password>"}`,
	},
	{
		"argocd-repo",
		`rpc error: code = Unknown desc = error testing repository connectivity: url=https://git.acme.io/x username=argo password=<redacted:password>` +
			` insecure=true`,
	},
	{
		"jenkins",
		`POST https://jenkins.acme.io/job/deploy/buildWithParameters?token=<redacted:token>&cause=flux: 403 No valid crumb`,
	},
	{
		"newrelic",
		`POST https://insights-collector.newrelic.com/v1/accounts/1234/events X-Insert-Key: <redacted:secret>: 403`,
	},
	{"splunk", `HEC: Authorization: <redacted:authorization>`},
	{"honeycomb", `X-Honeycomb-Team: <redacted:honeycomb-key> unknown API key`},
	{"dockerhub", `toomanyrequests: pull rate limit; authenticated as acme with <redacted:docker-token>`},
	{
		"quay-robot",
		`unauthorized: Could not find robot with username: acme+flux and supplied password: <redacted:password>`,
	},
	{"acr-refresh", `POST https://acme.azurecr.io/oauth2/token <redacted:token>&scope=repository:x:pull 401`},
	{
		"ghcr-basic",
		`GET "https://ghcr.io/token?scope=repository:acme/x:pull": denied; sent {"Authorization":"<redacted:authorization>"}`,
	},
	{
		"spec-dump-plusv",
		`invalid provider spec: {Type:slack Address:https://hooks.slack.<redacted:base64> Proxy:http://<redacted:url-userinfo>@proxy:3128 Username:fl` +
			`ux SecretRef:<nil>}`,
	},
	{
		"toml",
		`failed to load hosts.toml: [plugins."io.containerd.grpc.v1.cri".registry.configs."r.acme.io".auth] username = "flux" password = "<redacted:p` +
			`assword>" at line 3`,
	},
	{
		"props",
		"could not load application.properties: spring.datasource.password=<redacted:password>\nspring.datasource.username=app",
	},
	{
		"xml-settings",
		`Non-parseable settings.xml: <server><id>nexus</id><username>deploy</username><password><redacted:password></password></server>`,
	},
	{
		"gitea-basic",
		`failed to clone: unable to clone 'http://<redacted:url-userinfo>@gitea-http.gitea.svc.cluster.local:3000/flux/fleet.git': repository not fou` +
			`nd`,
	},
	{
		"codecommit",
		`unable to clone 'https://<redacted:url-userinfo>@git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet': 403`,
	},
	{
		"git-lfs",
		`smudge filter lfs failed: batch request: https://<redacted:url-userinfo>@git.acme.io/fleet.git/info/lfs/objects/batch: Authorization error`,
	},
	{
		"submodule",
		`failed to update submodules: fatal: could not read Password for 'https://<redacted:github-token>@github.com': No such device or address`,
	},
	{
		"git-url-token-user",
		`unable to clone 'https://<redacted:url-userinfo>@dev.azure.com/acme/ops/_git/fleet': 401`,
	},
	{
		"ssh-passphrase",
		`failed to parse private key: ssh: this private key is passphrase protected; tried passphrase "<redacted:password>": x509: decryption passwor` +
			`d incorrect`,
	},
	{
		"basic-secret-keys",
		`secret 'flux-system/git-auth' has invalid data: username=flux password=<redacted:password> (both required)`,
	},
	{
		"bearer-token-secret",
		`invalid 'flux-system/git' secret data: bearerToken: "<redacted:token>" contains newline`,
	},
	{
		"ca-and-key",
		`failed to load TLS config: tls: private key does not match public key, certFile=<redacted:secret> keyFile=<redacted:base64>`,
	},
	{
		"helm-unauth-html",
		`failed to fetch https://charts.acme.io/index.yaml : 401 Unauthorized; request header: Authorization=[<redacted:authorization>]`,
	},
	{
		"oci-token-json",
		`failed to get token: invalid character '<': body={"token":"<redacted:token>","expires_in":300}`,
	},
	{
		"ecr-password",
		`login to 123456789012.dkr.ecr.eu-west-1.amazonaws.com failed: username AWS, password <redacted:password>`,
	},
	{
		"helm-coalesce",
		`warning: cannot overwrite table with non table for app.auth (map[existingSecret: <redacted:password> username:admin])`,
	},
	{
		"helm-nil-pointer",
		`template: app/templates/deploy.yaml:31:24: executing at <.Values.db.password>: can't evaluate field password in type interface {}: "postgres` +
			`://<redacted:url-userinfo>@db/app"`,
	},
	{
		"helm-yaml-parse",
		`YAML parse error on app/templates/secret.yaml: error converting YAML to JSON: yaml: line 7: did not find expected key near 'API_KEY: "<redac` +
			`ted:api-key>`,
	},
	{
		"helm-post-renderer",
		"error while running post render on files: invalid Secret: stringData:\n  <redacted:secret-data>",
	},
	{
		"values-from",
		`could not find values key 'values.yaml' in Secret 'apps/v': got keys [adminPassword], value "<redacted:secret>"`,
	},
	{
		"drift-diff",
		`drift detected: Secret/apps/db changed: .data.password: <redacted:password> => <redacted:secret>`,
	},
	{
		"ssa-conflict",
		`Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .stringData.token: "<redacted:token>"`,
	},
	{
		"admission-deny",
		`admission webhook "validate.kyverno.svc" denied the request: policy no-plain-secrets: env DB_PASS=<redacted:password> must use secretKeyRef`,
	},
	{
		"gatekeeper-input",
		`[denied by no-secrets] <redacted:secret> "<redacted:secret>" for AWS_SECRET_ACCESS_KEY`,
	},
	{"cel", `ValidationRule failed: object.spec.password.size() > 12, password is '<redacted:password>'`},
	{"sealed-secret", `no key could decrypt secret (password, <redacted:base64>)`},
	{
		"external-secret",
		`could not get secret data from provider: unmarshal {"username":"app","password":"<redacted:password>"}: unexpected key`,
	},
	{
		"vault-kv",
		`error processing vault response: {"request_id":"8f3e2d1c","data":"<redacted:secret-data>","auth":null}`,
	},
	{
		"vault-login-json",
		`{"auth":{"client_token":"<redacted:token>","accessor":"9f8e7d6c5b4a39281706f5e4"},"errors":["bad"]}`,
	},
	{"vault-unseal", `unseal failed: key share <redacted:base64> invalid`},
	{"age-recipient-file", `sops: failed to decrypt, identities tried: [<redacted:age-key>]`},
	{
		"pgp-ascii-json",
		`{"error":"pgp: no decryption key","armor":"<redacted:pem>","passphrase":"<redacted:password>"}`,
	},
	{
		"aws-role-xml",
		`<Error><Code>InvalidAccessKeyId</Code><AWSAccessKeyId><redacted:secret></AWSAccessKeyId><RequestId>8F3E2D1C</RequestId></Error>`,
	},
	{
		"aws-debug",
		`DEBUG: Request s3/GetObject Details: GET / HTTP/1.1 Authorization: <redacted:authorization>`,
	},
	{
		"minio-err",
		`The Access Key Id you provided does not exist in our records: accesskey=<redacted:secret> secretkey=<redacted:secret>`,
	},
	{"gcs-hmac", `SignatureDoesNotMatch: <redacted:google-key> secret <redacted:secret>`},
	{"azure-msi", `ManagedIdentityCredential: {"access_token":"<redacted:token>","expires_on":"1798365600"}`},
	{"azure-storage-header", `Authorization: <redacted:authorization>`},
	{
		"aad-pass",
		`AADSTS50126: Error validating credentials due to invalid username or password. username=flux@acme.io&password=<redacted:password>&grant_type` +
			`=password`,
	},
	{"slack-api", `slack: invalid_auth: <redacted:authorization>&channel=ops`},
	{"slack-workflow", `Post "https://hooks.slack.<redacted:base64>": 400 invalid_workflow`},
	{"discord-old", `Post "https://discordapp.<redacted:base64>": 429`},
	{
		"teams-power",
		`Post "https://default1b2c3d4e5f60.71.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/<redacted:webhook>?api-ver` +
			`sion=1&sig=<redacted:signature>": 401`,
	},
	{"opsgenie-key", `opsgenie: {"message":"Key format is not valid!","apiKey":"<redacted:api-key>"}`},
	{
		"pushover",
		`Post "https://api.pushover.net/1/messages.json?token=<redacted:token>&user=<redacted:base64>": 400`,
	},
	{"ntfy", `POST https://ntfy.acme.io/flux?auth=<redacted:authorization>: 403 forbidden`},
	{
		"gotify",
		`POST https://gotify.acme.io/message?token=<redacted:token>: 401 you need to provide a valid access token`,
	},
	{
		"postgres-kv-quoted",
		"cannot parse `host=pg user=app password='<redacted:password>' port=5432x`: failed to configure TLS",
	},
	{
		"pgx",
		"failed to connect to `user=app database=app`: hostname resolving error: postgres://<redacted:url-userinfo>@pg.acme.io:5432/app",
	},
	{"mysql-cnf", `mysqldump: Got error: 1045: [client] user=backup password=<redacted:password> host=mysql`},
	{"maria-galera", `WSREP_SST: wsrep_sst_auth=<redacted:authorization> rejected`},
	{
		"mongo-auth",
		`connection() error occurred during connection handshake: auth error: sasl conversation error: unable to authenticate using mechanism "SCRAM-` +
			`SHA-256" for mongodb://<redacted:url-userinfo>@m0:27017,m1:27017/app?authSource=admin`,
	},
	{"redis-noauth", `WRONGPASS invalid username-password pair: AUTH default <redacted:password>`},
	{
		"sqlserver-ado",
		`mssql: Data Source=sql,1433;Initial Catalog=app;Persist Security Info=True;User ID=app;Pwd=<redacted:password>;MultipleActiveResultSets=Fals` +
			`e`,
	},
	{
		"odbc",
		`[unixODBC][FreeTDS] Driver={ODBC Driver 18 for SQL Server};Server=sql;UID=app;PWD={<redacted:password>};Encrypt=yes`,
	},
	{
		"cockroach",
		`pq: password authentication failed for user roach: postgresql://<redacted:url-userinfo>@crdb:26257/defaultdb?sslmode=verify-full&sslpassword` +
			`=<redacted:password>`,
	},
	{"temporal", `unable to create store: cassandra: user "temporal" password "<redacted:password>" rejected`},
	{
		"rabbit-mgmt",
		`{"error":"not_authorised","reason":"Login failed"} for http://<redacted:url-userinfo>@rabbit:15672/api/overview`,
	},
	{
		"kafka-props",
		`java.lang.IllegalArgumentException: ssl.keystore.password=<redacted:password>, ssl.key.password=<redacted:password> wrong`,
	},
	{"nats-nkey", "nats: <redacted:pem>-\n<redacted:pem>-"},
	{
		"cookie-go",
		`unexpected cookies: [<redacted:cookie>:"session", Value:"<redacted:session>", Quoted:false, Path:"/"}]`,
	},
	{"grafana-session", `GET /api/dashboards 401 Cookie: <redacted:cookie>`},
	{"argocd-cli", `rpc error: code = Unauthenticated: argocd.token=<redacted:token>`},
	{"proxy-env", `HTTPS_PROXY=http://<redacted:url-userinfo>@10.1.2.3:8080 unreachable`},
	{"ldap-uri", `failed to bind: ldaps://ldap.acme.io:636 bindDN=cn=flux,ou=svc bindPW=<redacted:password>`},
	{
		"smtp-struct",
		`dial failed: &{Host:smtp.acme.io Port:587 Username:flux Password:<redacted:password> From:flux@acme.io TLS:<nil>}`,
	},
	{"wireguard", `Unable to parse wg0.conf: PrivateKey = <redacted:secret> line 2`},
	{"k3s-token", `failed to validate token: <redacted:token>`},
	{"kubeadm", `couldn't validate the identity of the API Server: token "<redacted:token>" not found`},
	{"eks-token", `exec: k8s-aws-v1.<redacted:base64> expired`},
	{
		"crossplane",
		`cannot get credentials: [default]\naws_access_key_id=<redacted:secret>\naws_secret_access_key=<redacted:secret>\n`,
	},
	{
		"terraform-out",
		`Error: Unsupported attribute; local.creds = {"client_secret" = "<redacted:secret>" "client_id" = "abc"}`,
	},
	{
		"cert-manager",
		`error presenting challenge: cloudflare: could not find zone; X-Auth-Key: <redacted:secret> X-Auth-Email: ops@acme.io`,
	},
	{"cf-token", `Cloudflare API: 9109 Invalid access token "<redacted:token>"`},
	{"rfc2136", `tsig: bad key secret "<redacted:secret>" for keyname flux.`},
	{
		"route53-env",
		`env: [AWS_ACCESS_KEY_ID=<redacted:secret> AWS_SECRET_ACCESS_KEY=<redacted:secret> HOME=/tmp] exit status 1`,
	},
	{
		"velero",
		`error getting backup store: [default] aws_access_key_id: velero-user aws_secret_access_key: <redacted:secret>`,
	},
	{
		"keycloak",
		`invalid_client: {"grant_type":"client_credentials","client_id":"flux","client_secret":"<redacted:secret>"}`,
	},
	{
		"loki-push",
		`level=error msg="final error sending batch" url=https://<redacted:url-userinfo>@logs.grafana.net/loki/api/v1/push`,
	},
	{
		"registry-mirror",
		`pulling from host r.acme.io failed: authorization failed, config [host."https://r.acme.io".header] authorization = "<redacted:authorization>` +
			`"`,
	},
	{"containerd", `failed to resolve reference: username: robot, secret: <redacted:secret>: 401`},
	{"imagepull-b64", `invalid imagePullSecret: .dockercfg: <redacted:base64>`},
	{
		"git-http-body",
		`unexpected client error: unexpected requesting "https://git.acme.io/fleet.git/git-upload-pack" status code: 401, remote message: {"login":"f` +
			`lux","pat":"<redacted:token>"}`,
	},
	{
		"git-config-url",
		`fatal: unable to access 'https://<redacted:url-userinfo>@git.acme.io/fleet.git/': The requested URL returned error: 403`,
	},
	{
		"git-url-cyrillic",
		`failed to clone: 'https://<redacted:url-userinfo>@git.acme.io/fleet.git': authentication required`,
	},
	{
		"ssh-url-space",
		`failed to parse url 'ssh://<redacted:url-userinfo>@git.acme.io/fleet': invalid character " " in userinfo`,
	},
	{
		"url-parse-percent",
		`parse "https://<redacted:url-userinfo>@git.acme.io/fleet.git": net/url: invalid userinfo`,
	},
	{
		"url-colon-port",
		`parse "postgres://<redacted:url-userinfo>@pg:5432/app": invalid port "<redacted:url-userinfo>" after host`,
	},
	{
		"url-in-json-array",
		`invalid repositories: ["https://<redacted:url-userinfo>@charts.acme.io","https://public.acme.io"]`,
	},
	{
		"jdbc-mysql-userpass",
		`Cannot create PoolableConnectionFactory (jdbc:mysql://<redacted:url-userinfo>@mysql:3306/app?useSSL=false)`,
	},
	{
		"sqlalchemy",
		`sqlalchemy.exc.OperationalError: postgresql+psycopg2://<redacted:url-userinfo>@pg/app: FATAL`,
	},
	{
		"rails",
		`PG::ConnectionBad: {"adapter"=>"postgresql", "username"=>"app", "password"=>"<redacted:password>"=>"pg"}`,
	},
	{
		"django",
		`django.db.utils.OperationalError: DATABASES = {'default': {'USER': 'app', 'PASSWORD': '<redacted:password>', 'HOST': 'pg'}}`,
	},
	{
		"prisma",
		"Error: P1000: Authentication failed, `DATABASE_URL=\"mysql://<redacted:url-userinfo>@mysql:3306/app\"`",
	},
	{
		"spring-boot",
		`Failed to bind properties under 'spring.datasource.password' to java.lang.String: Property: spring.datasource.password Value: "<redacted:pas` +
			`sword>" Origin: env`,
	},
	{
		"dotnet",
		`System.ArgumentException: Keyword not supported: 'pasword'. ConnectionString: "<redacted:secret>"`,
	},
	{"dsn-go-sql", `sql: unknown driver; dsn: <redacted:secret>`},
	{
		"mongodb-shell",
		`MongoServerError: Authentication failed: mongosh "mongodb://localhost" -u admin -p '<redacted:password>'`,
	},
	{
		"redis-config",
		`*** FATAL CONFIG FILE ERROR *** at line 12: 'requirepass <redacted:password> extra' wrong number of arguments`,
	},
	{"cql", `CREATE ROLE app WITH PASSWORD = '<redacted:password>' AND LOGIN = true: SyntaxException`},
	{
		"sql-create-user",
		`ERROR 1396 (HY000): Operation CREATE USER failed for 'app'@'%' IDENTIFIED BY '<redacted:password>'`,
	},
	{
		"sql-alter-role",
		`psql:init.sql:3: ERROR: syntax error: ALTER ROLE app WITH LOGIN PASSWORD '<redacted:password>' VALID UNTIL 'infinity';`,
	},
	{
		"bq-adc",
		`google: error getting credentials using GOOGLE_APPLICATION_CREDENTIALS: {"type": "authorized_user", "client_secret": "<redacted:secret>", "r` +
			`efresh_token": "<redacted:token>"}`,
	},
	{
		"aws-profile-struct",
		`failed to load shared config: {Profile:flux Credentials:{AccessKeyID:<redacted:secret> SecretAccessKey:<redacted:secret> SessionToken: Sourc` +
			`e:SharedConfig}}`,
	},
	{
		"aws-hash-v",
		`aws.Credentials{AccessKeyID:"<redacted:secret>", SecretAccessKey:"<redacted:secret>", SessionToken:"<redacted:token>", Source:"", CanExpire:` +
			`false}`,
	},
	{"irsa-token", `failed to assume role: WebIdentityErr: token file contents "<redacted:jwt>" rejected`},
	{"sas-service", `invalid SAS: "<redacted:signature>"`},
	{
		"sas-conn",
		`BlobEndpoint=https://acme.blob.core.windows.net/;SharedAccessSignature=<redacted:signature>&ss=b&sig=<redacted:signature>: parse error`,
	},
	{"acr-pass", `az acr login: username=acmeacr password=<redacted:password> status 401`},
	{
		"swift",
		`keystone: {"auth":{"identity":{"password":{"user":{"name":"flux","password":"<redacted:password>"}}}}}: 401`,
	},
	{
		"alicloud",
		`ErrorCode: InvalidAccessKeySecret, AccessKeyId=<redacted:secret>, AccessKeySecret=<redacted:secret>`,
	},
	{
		"teams-raw-address",
		`unable to parse address secret: "https://acme.webhook.office.com/<redacted:webhook>"`,
	},
	{"generic-webhook-query", `Post "https://ci.acme.io/hook?secret=<redacted:secret>&env=prod": EOF`},
	{"generic-hmac-header", `generic-hmac: X-Signature key '<redacted:secret>' too short`},
	{
		"github-app-json",
		`github app: {"appID":"12345","installationID":"678","privateKey":"<redacted:secret>"}: bad key`,
	},
	{"pem-one-line", `failed to decode PEM: <redacted:pem>`},
	{
		"pem-comma-list",
		`invalid identity lines ["<redacted:pem>","<redacted:base64>","<redacted:base64>","-----END OPENSSH PRIVATE KEY-----"]`,
	},
	{"pem-truncated", `error decoding key: "<redacted:secret>`},
	{"pkcs8-pass", `pkcs8: incorrect password: "<redacted:password>"`},
	{
		"sops-yaml-plain",
		`error unmarshalling input yaml: yaml: line 3: found character that cannot start any token in 'db_password: <redacted:password>'`,
	},
	{"sops-mac", `MAC mismatch. File has E2F1A0B9C8D7, computed 1234 (age key <redacted:secret>)`},
	{
		"k8s-secret-hash-v",
		`v1.Secret{Data:map[string][]uint8{<redacted:secret-data>}, StringData:map[string]string{<redacted:secret-data>}, Type:"Opaque"}`,
	},
	{"k8s-data-raw", `Secret "tls" is invalid: data[tls.key]: Invalid value: "<redacted:secret-data>": PEM`},
	{
		"ssa-managed",
		`failed to create typed patch object (apps/db; /v1, Kind=Secret): errors: .stringData.port: expected string, got &value.valueUnstructured{Val` +
			`ue:<redacted:secret-data>}`,
	},
	{
		"patch-json6902",
		`jsonpatch add operation does not apply: doc is missing path: "/data/x": [{"op":"add","path":"/stringData/password","value":"<redacted:passwo` +
			`rd>"}]`,
	},
	{
		"strategic-merge",
		`invalid JSON document: {"spec":{"template":{"spec":{"containers":[{"env":[{"name":"GH_TOKEN","value":"<redacted:token>"}]}]}}}}`,
	},
	{
		"kust-replacement",
		`unable to find field "spec.x" in replacement target; source value "<redacted:secret>" from Secret.v1.[noGrp]/db.apps data.password`,
	},
	{"kust-envs", `kustomize build failed: evaluating env "DB_PASSWORD=<redacted:password>": bad format`},
	{
		"kust-vars",
		`well-defined vars that were never replaced: {"name":"ADMIN_PASS","value":"<redacted:password>"}`,
	},
	{"kust-file", `security; file 'secrets.env' is not in or below; content: <redacted:secret>`},
	{"helm-get-values", `USER-SUPPLIED VALUES: admin: {password: <redacted:password>, user: root}`},
	{"helm-notes", `To get your password run: kubectl get secret; default credentials <redacted:secret>`},
	{"helm-hook-log", `job hook failed: pod logs: + export PGPASSWORD=<redacted:password> + psql -h pg`},
	{"helm-upgrade-cmd", `"helm upgrade app ./chart --set-string auth.token=<redacted:token> --wait" failed`},
	{
		"helm-lookup",
		`executing at <(lookup "v1" "Secret" .Release.Namespace "db").data.password>: got "<redacted:secret>"`,
	},
	{"cookie-multi", `response: 403 Forbidden\nSet-Cookie: <redacted:cookie>\nSet-Cookie: <redacted:cookie>`},
	{"basic-split", `invalid Authorization header value: "basic <redacted:authorization>"`},
	{"bearer-lower", `http: request failed with authorization: <redacted:authorization>`},
	{"auth-kv", `registry auth: {username=flux, password=<redacted:password>, serveraddress=r.acme.io}`},
	{
		"authconfig-go",
		`types.AuthConfig{Username:"flux", Password:"<redacted:password>", Auth:"<redacted:authorization>", ServerAddress:"r.acme.io", IdentityToken:` +
			`"", RegistryToken:""}`,
	},
	{"docker-plain-auth", `error decoding auth "<redacted:secret>" for r.acme.io: illegal base64`},
	{"harbor-robot", `unauthorized: robot$flux+puller:<redacted:password> has no permission`},
	{"quay-oauth", `<redacted:url-userinfo> denied`},
	{"nexus-npm", `npm ERR! //nexus.acme.io/repository/npm/:_authToken=<redacted:token>`},
	{"pip", `ERROR: Could not install: https://<redacted:url-userinfo>@pypi.acme.io/simple`},
	{"goproxy", `go: module lookup disabled: GOPROXY=https://<redacted:url-userinfo>@proxy.acme.io`},
	{"sentry-auth", `sentry-cli: Authorization: <redacted:authorization>`},
	{"gitlab-ci-job", `remote: HTTP Basic: Access denied for <redacted:password>`},
	{"deploy-token", `username gitlab+deploy-token-7, token <redacted:token> revoked`},
	{"totp-seed", `invalid TOTP secret <redacted:secret>`},
	{"wifi-psk", `network config: wpa-psk "<redacted:password>" rejected`},
	{"license", `license key <redacted:secret> has expired`},
	{
		"notif-chat-map",
		`failed to send notification for Kustomization/apps: unexpected config map[address:https://hooks.slack.<redacted:base64> proxy: token:<redact` +
			`ed:token>]`,
	},
	{
		"provider-struct-ptr",
		`invalid provider &{URL:https://rocket.acme.<redacted:base64> Username:flux Channel:#ops HMACKey:<redacted:secret>}`,
	},
	{
		"bucket-endpoint",
		`bucket 'apps' dial: http://<redacted:url-userinfo>@minio.minio.svc:9000/flux?location: connection refused`,
	},
	{
		"imagerepo-auth",
		`scan failed: GET https://index.docker.io/v2/: unexpected status code 401; Www-Authenticate: Bearer realm="https://auth.docker.io/token"; sen` +
			`t Authorization: <redacted:authorization>`,
	},
	{
		"helm-index-yaml",
		`error unmarshaling JSON: entries: app: - urls: ["https://<redacted:url-userinfo>@charts.acme.io/app-1.0.0.tgz"]`,
	},
	{
		"decryption-secret",
		`cannot import key 'sops.asc' from 'Secret/flux-system/sops-gpg': openpgp: invalid argument: key material "<redacted:base64>"`,
	},
	{
		"ghapp-jwt",
		`failed to create installation token: could not get access_tokens from GitHub API: received non 2xx; Authorization: <redacted:authorization>`,
	},
	{
		"receiver-body",
		`unable to decode JSON: {"push_data":{},"callback_url":"https://registry.hub.docker.com/u/acme/app/hook/<redacted:webhook>"}`,
	},
	{"gcr-push", `cannot authenticate request: idtoken: invalid token, found <redacted:jwt>`},
	{"acr-webhook", `Post "https://acme.azurecr.io/hook?code=<redacted:secret>": 401`},
	{"azure-function", `POST https://fn.azurewebsites.net/api/flux?code=<redacted:secret> 500`},
	{
		"kubeconfig-exec-env",
		`exec plugin: {"env":[{"name":"AWS_SESSION_TOKEN","value":"<redacted:token>"}],"command":"aws"}: exit status 255`,
	},
	{
		"kubeconfig-basic",
		`invalid kubeconfig: users[0].user: {password: <redacted:password>, username: admin}: basic auth removed`,
	},
	{"kubeconfig-yaml-b64", `stringData:\n  <redacted:secret-data>\n`},
	{"os-token", `oc login --token=<redacted:token> --server=https://api: x509`},
	{
		"tf-controller",
		`error running Plan: rpc error: exit status 1 Error: Invalid value for variable "rds_password": "<redacted:password>" must not contain spaces`,
	},
	{
		"flagger-webhook",
		`Halt advancement: loadtester metadata {"cmd":"hey -H 'Authorization: <redacted:authorization>' http://app"} failed`,
	},
	{
		"kyverno-log",
		`mutate failed: JSON patch [{"op":"replace","path":"/data/.dockerconfigjson","value":"<redacted:base64>"}]`,
	},
	{
		"es-provider-gcp",
		`error: spec.provider.gcpsm: unable to fetch secret: rpc error: payload {"password":"<redacted:password>"} is not a map`,
	},
	{"cm-vault-pki", `vault: error initializing client: approle secretId "<redacted:secret>" not found`},
	{
		"postgres-op",
		`could not create user: statement "CREATE ROLE zalando WITH LOGIN ENCRYPTED PASSWORD '<redacted:password>'" failed`,
	},
	{"mysql-op", `innodbcluster: mysqlsh --uri=<redacted:url-userinfo>@mysql-0:3306 --sql: exit 1`},
	{"strimzi", `user flux: scram-sha-512 password [<redacted:password>] rejected by broker`},
	{"es-keystore", `bin/elasticsearch-keystore add bootstrap.password: value <redacted:password> exists`},
	{"wp-config", `PHP Fatal error: define( 'DB_PASSWORD', '<redacted:password>' ) in wp-config.php:32`},
	{
		"laravel",
		`SQLSTATE[HY000] [1045] Access denied (using password: YES) DB_USERNAME=app DB_PASSWORD="<redacted:password>" APP_KEY=<redacted:secret>`,
	},
	{
		"node-env",
		`TypeError: Invalid URL: input: 'postgres://<redacted:url-userinfo>@pg/app', code: 'ERR_INVALID_URL'`,
	},
	{
		"rails-key",
		`ActiveSupport::MessageEncryptor::InvalidMessage: config/master.key <redacted:secret> is wrong; RAILS_MASTER_KEY=<redacted:secret>`,
	},
	{"django-key", `ImproperlyConfigured: SECRET_KEY = '<redacted:secret>' must change`},
	{"celery", `consumer: Cannot connect to amqp://<redacted:url-userinfo>@rabbit:5672//: [Errno 111]`},
	{
		"airflow-fernet",
		`AIRFLOW__CORE__FERNET_KEY=<redacted:secret>: Fernet key must be 32 url-safe base64-encoded bytes`,
	},
	{"airflow-conn", `AIRFLOW_CONN_PG='postgresql://<redacted:url-userinfo>@pg:5432/app' could not be parsed`},
	{"grafana-ini", `failed to parse grafana.ini: [security] admin_password = """<redacted:password>"""`},
	{
		"grafana-ds",
		`Datasource provisioning error: secureJsonData: map[basicAuthPassword:<redacted:password> httpHeaderValue1:Bearer <redacted:authorization>]`,
	},
	{"loki-tenant", `promtail: basic_auth: {username: 123, password: <redacted:password>} 401`},
	{
		"thanos-objstore",
		`create S3 client: type: S3 config: {bucket: thanos, access_key: <redacted:secret>, secret_key: <redacted:secret>}`,
	},
	{
		"alertmanager-cfg",
		`undefined receiver; slack_api_url: https://hooks.slack.<redacted:base64>, smtp_auth_password: <redacted:password>`,
	},
	{"dex", `dex: failed to initialize: connector github: clientSecret: "<redacted:secret>" could not expand`},
	{"oauth2-proxy", `cookie_secret must be 16, 24, or 32 bytes but is 20 bytes: "<redacted:secret>"`},
	{
		"keycloak-admin",
		`kcadm.sh config credentials --server http://kc --realm master --user admin --password <redacted:password>: Invalid user credentials`,
	},
	{
		"nextcloud",
		`occ maintenance:install --database-pass=<redacted:password> --admin-pass=<redacted:password> failed`,
	},
	{"nats-creds", `nats: nkeys not supported: user=a pass=<redacted:password>`},
	{"mqtt", `mqtt: Not Authorized: tcp://<redacted:url-userinfo>@emqx:1883`},
	{
		"sftp",
		`ssh: handshake failed: sftp://<redacted:url-userinfo>@10.0.0.9:22/in: unable to authenticate, attempted methods [none password]`,
	},
	{
		"restic",
		`Fatal: unable to open repo s3:s3.amazonaws.com/b: RESTIC_PASSWORD is wrong: <redacted:password>`,
	},
	{
		"rclone",
		`rclone: NOTICE: config [gdrive] client_secret = <redacted:secret> token = {"access_token":"<redacted:token>","refresh_token":"<redacted:toke` +
			`n>"}`,
	},
	{"cosign-key", `signing: decrypt: <redacted:pem>`},
	{"gpg-batch", `gpg --batch --passphrase '<redacted:password>' --decrypt s.gpg: exit status 2`},
	{
		"url-many-hosts",
		`mongodb://<redacted:url-userinfo>@m0:27017,m1:27017,m2:27017/?replicaSet=rs0: server selection timeout`,
	},
	{"kafka-uri", `kafka://<redacted:url-userinfo>@broker:9093?sasl=plain: EOF`},
	{
		"db2",
		`SQL30082N Security processing failed: DATABASE=app;HOSTNAME=db2;PORT=50000;PROTOCOL=TCPIP;UID=db2inst1;PWD=<redacted:password>;`,
	},
	{"teradata", `teradatasql: {"host":"td","user":"dbc","password":"<redacted:password>"} logon failed`},
	{"sqlite-cipher", `file is not a database: PRAGMA key = '<redacted:secret>';`},
	{"trino", `trino: 401: https://<redacted:url-userinfo>@trino:8443?catalog=hive`},
	{"opensearch", `opensearch: basic_auth=('admin', '<redacted:password>') 401`},
	{"dynatrace", `POST https://abc.live.dynatrace.com/api/v2/events: Api-Token <redacted:token> 401`},
	{
		"cond-msg",
		`HelmRelease/apps/db: Helm upgrade failed: cannot patch "db" with kind StatefulSet: StatefulSet.apps "db" is invalid: spec.template.spec.cont` +
			`ainers[0].env[3].value: Invalid value: "<redacted:secret>": must be a reference for POSTGRES_PASSWORD`,
	},
	{"event-annot", `event: {"metadata":{"token":"<redacted:token>","summary":"x"},"reason":"Failed"}`},
	{
		"commit-template",
		`failed to update source: template: "msg": executing at <.Values.token>: token was "<redacted:secret>"`,
	},
	{"ssh-agent", `ssh: unable to authenticate as git with key <redacted:pem>`},
	{"b64-userpass-short", `header Authorization: <redacted:authorization>`},
	{"url-user-only-token", `Get "https://<redacted:atlassian-token>@bitbucket.org/acme/x.git/info/refs": 401`},
	{"env-dollar", `DB_URL: postgres://<redacted:url-userinfo>@pg/app: missing variable`},
	{"kv-equals-json", `config={"redis":{"addr":"r:6379","password":"<redacted:password>"}} rejected`},
	{"yaml-flow", `values: {postgresql: {auth: {postgresPassword: <redacted:password>, database: app}}}`},
	{"yaml-anchor", `adminPassword: &pw <redacted:password>`},
	{"yaml-tag", `password: !!str <redacted:password>`},
	{"yaml-folded", "privateKey: >-\n  <redacted:secret>\nother: x"},
	{"yaml-list-env", "env:\n- name: TOKEN\n  value: \"<redacted:token>\""},
	{"toml-env", "[env]\nAPI_SECRET=\"<redacted:secret>\""},
	{"properties-colon", "db.password: <redacted:password>\ndb.user: app"},
	{"cmd-short-flag", `exec /usr/bin/mysql -uroot -p<redacted:password> -h db: exit 1`},
	{"cmd-long-space", `exec: pg_dump --dbname postgresql://<redacted:url-userinfo>@pg/app: exit 1`},
	{"args-array-eq", `args: ["--api-key=<redacted:api-key>","--v=2"]`},
	{"go-err-wrap", `login: auth: basic: user "app": password "<redacted:password>": denied`},
	{
		"zap-sugar",
		"2026-11-27T10:00:00Z\tERROR\tlogin\t{\"user\": \"app\", \"password\": \"<redacted:password>\", \"try\": 3}",
	},
	{
		"logrus",
		`time="2026-11-27T10:00:00Z" level=error msg="login failed" password="<redacted:password>" user=app`,
	},
	{"klog-kv", `"Login failed" user="app" password="<redacted:password>" err="denied"`},
	{"structured-slog", `level=ERROR msg=login auth.user=app auth.password=<redacted:password>`},
	{
		"py-traceback",
		`  File "/app/x.py", line 3, in connect(host='pg', user='app', password='<redacted:password>')`,
	},
	{"java-tostring", `DataSourceProperties(url=jdbc:pg, username=app, password=<redacted:password>)`},
	{"rust-debug", `Config { user: "app", password: Some("<redacted:password>"), port: 5432 }`},
	{"ruby-hash", `{:user=>"app", :password=>"<redacted:password>"}`},
	{"php-array", `array('user' => 'app', 'password' => '<redacted:password>')`},
	{"ps-output", `root 1 0.0 /bin/app --token <redacted:token> --port 80`},
	{
		"http-dump",
		`POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nclient_id=a&client_secret=<redacted:secret>&` +
			`scope=x`,
	},
	{"multi-auth", `WWW-Authenticate: Bearer realm="x"; sent: Authorization: <redacted:authorization>`},
	{"x-amz-token", `x-amz-security-token:<redacted:token> <redacted:secret>`},
	{
		"gcs-signed",
		`Get "https://storage.googleapis.com/b/o?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=<redacted:secret>&X-Goog-Signature=<redacted:sig` +
			`nature>": EOF`,
	},
	{
		"oss-signed",
		`https://b.oss-cn-hangzhou.aliyuncs.com/o?OSSAccessKeyId=<redacted:secret>&Expires=1798365600&Signature=<redacted:signature>`,
	},
	{
		"cloudfront",
		`https://d1.cloudfront.net/a.tgz?Policy=eyJTdGF0&Signature=<redacted:signature>&Key-Pair-Id=K2JCJMDEHXQW5F: 403`,
	},
	{"sentry-url", `sentry: https://<redacted:url-userinfo>@sentry.acme.io/4: rate limited`},
	{"honeybadger", `api_key: <redacted:api-key>: forbidden`},
	{"sendgrid", `sendgrid: 401 key SG.<redacted:base64>.<redacted:base64>`},
	{"twilio", `twilio: AccountSid=<redacted:secret> AuthToken=<redacted:token>`},
	{"stripe", `stripe: Invalid API Key provided: <redacted:api-key>`},
	{"openai", `Incorrect API key provided: <redacted:api-key>`},
	{"hf", `huggingface: token <redacted:token> invalid`},
	{"npm", `npm notice //npm.example.com/:_authToken=<redacted:token>`},
	{"gitlab-runner", `runner registration failed: token=<redacted:token>`},
	{"circle", `Circle-Token: <redacted:token> invalid`},
	{"linode", `linode: [401] Invalid Token: <redacted:token>`},
	{"hetzner", `hcloud: unauthorized: token "<redacted:token>"`},
	{"ovh", `OVH_APPLICATION_SECRET=<redacted:secret> OVH_CONSUMER_KEY=<redacted:secret>`},
	{"scaleway", `SCW_SECRET_KEY=<redacted:secret> denied`},
	{"vultr", `vultr: Authorization: <redacted:authorization>`},
	{"yaml-items", "values:\nregistry:\n  mirrors: 2\n  tokens:\n  - <redacted:token>\n  replicas: 1"},
	{"yaml-items-top", "adminPasswords:\n- <redacted:password>\nuser: flux"},
	{
		"map-of-variable",
		`spec.containers[0].env: Invalid value: [map[name:DB_PASSWORD value:<redacted:password>]]`,
	},
	{
		"maps-of-variables",
		`map[env:[map[name:DB_HOST value:pg] map[name:SMTP_PASSWORD value:<redacted:password>] map[name:LEVEL value:debug]]]`,
	},
	{"map-of-key", `unstructured: map[name:AWS_SECRET_ACCESS_KEY value:<redacted:secret>]`},
	{
		"every-yaml-bytes",
		"yaml: unmarshal errors:\n  line 7: cannot unmarshal !!str `<redacted:secret>` into map[string][]byte",
	},
	{
		"every-b64enc",
		`template: db/templates/auth.yaml:5:14: executing "db/templates/auth.yaml" at <b64enc "<redacted:secret>" 3>: wrong number of args for b64enc` +
			`: want 1 got 2`,
	},
	{
		"every-go-struct",
		`container web: env [{DB_HOST db nil} {DB_PASSWORD <redacted:password> nil}] is not valid`,
	},
	{"every-hyphens", `bind of cn=flux refused: wrong password <redacted:password> for this account`},
	{"every-header-judged", `X-Api-Key: <redacted:api-key> rejected by the upstream with 401`},
	{"every-token-judged", `the provided token <redacted:token> has expired, create another one`},
	{"every-basic-pair", `cannot pull: registry refuses basic auth (robot/<redacted:password>)`},
	{"every-user-mail", `lookup <redacted:url-userinfo>@registry.example: no such host`},
	{"every-hex-key", `decrypt with key <redacted:secret> failed: cipher: message authentication failed`},
	{"every-oracle-at", `ORA-01017: sqlplus report/<redacted:password>@//oracle.example:1521/XEPDB1`},
	{
		"every-tf-source",
		"Error: Invalid value for variable\n\n  on variables.tf line 8, in variable \"admin_password\":\n   8:   default = \"<redacted:password>\"\n\nThis val" +
			`ue must have a digit.`,
	},
	{
		"every-tf-output",
		`Error: Unsupported attribute\n\n  on outputs.tf line 21, in output "api_token":\n  21:   value = "<redacted:token>"`,
	},
	{"every-schema-token", `- at '/auth/token': '<redacted:token>' does not match pattern '^[A-Z]+$'`},
	{"every-env-beside", `env source "app.env": "SERVICE_TOKEN <redacted:token>" has no equals sign`},
	{
		"every-annotation",
		`cannot parse {"metadata":{"annotations":{"vault.example.com/token":"<redacted:token>"},"name":"web"}}`,
	},
	{
		"every-annotation-line",
		"metadata:\n  annotations:\n    gateway.example.com/password: <redacted:password>\n    team: web",
	},
	{"every-entity-at", `body: {"password":"<redacted:password>"} refused`},
	{"every-set-to", `failed to set value db.auth.password to <redacted:password>: parent is not a map`},
	{"every-neo4j", `neo4j: variable NEO4J_AUTH=<redacted:authorization> cannot be used`},
	{"every-sentinel", `sentinel auth-pass main <redacted:secret>: no such master`},
	{
		"every-flat-properties",
		`cannot bind spring.redis.password: <redacted:password> spring.redis.host: redis`,
	},
	{
		"every-signature",
		`https://cdn.example/a.tgz?Expires=1764000000&Key-Pair-Id=APKAX&Signature=<redacted:signature> has expired`,
	},
	{"every-arrow", `live state differs: .stringData.password <redacted:password>`},
	{"every-basic-words", `cannot create a request with basic auth <redacted:authorization>`},
	{"every-three-quotes", `smtp: {password = """<redacted:password>""", host = mail}`},
	{
		"every-dotted-token",
		`kubectl --token=<redacted:token> --server=https://kube.example get ns: Unauthorized`,
	},
	{
		"every-map-key",
		`parameters [map[key:password value:<redacted:password>] map[key:user value:app]] are invalid`,
	},
	{"every-pw-first", `cannot read options "pw=<redacted:password>": two are needed`},
	{"every-french", `mot de passe incorrect : <redacted:password>`},
	{"every-set-for", `ERROR 1396: SET PASSWORD FOR 'app'@'%' = '<redacted:password>'`},
	{
		"every-struct-field",
		`unable to decode "x.yaml": json: cannot unmarshal string "<redacted:secret>" into Go struct field HelmReleaseSpec.spec.values.auth.password ` +
			`of type int`,
	},
	{
		"every-value-json",
		`{"error":"unknown field \"stringdata.password\" in Secret with value <redacted:secret>","stacktrace":"sigs.k8s.io/controller-runtime/pkg/x.g` +
			`o:227"}`,
	},
	{"every-reset-to", `grafana: admin password reset to <redacted:password> failed`},
	{
		"every-b64-pipe",
		`template: db/templates/auth.yaml:5:14: executing "db/templates/auth.yaml" at <"<redacted:secret>" | b64enc>: nothing to show`,
	},
	{
		"every-nvidia",
		`GET https://helm.ngc.nvidia.com/nvidia/index.yaml: 401 for $oauthtoken / <redacted:nvidia-key>`,
	},
	{
		"every-misspelt",
		`strict decoding error: unknown field "spec.auth.passwordd": {"passwordd":"<redacted:password>"}`,
	},
	{"every-misspelt-yaml", "auth:\n  user: flux\n  passwrod: <redacted:password>"},
}
