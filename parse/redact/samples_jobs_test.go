package redact_test

// exactJobs are the rows of the samples of fixtures/secrets/jobs.txtar.
var exactJobs = []exact{
	{
		"job-pg",
		`job "db-migrate" failed: psycopg2.OperationalError: connection to server at "pg.db" (10.0.3.4), port 5432 failed: FATAL:  password authentic` +
			`ation failed for user "app"; conninfo: user=app password=<redacted:password> host=pg.db`,
	},
	{
		"job-mysql",
		`ERROR 1045 (28000): Access denied for user 'app'@'10.1.2.3' (using password: YES): mysql -h db -u app --password=<redacted:password> app`,
	},
	{
		"job-flyway",
		`ERROR: Unable to obtain connection from database (jdbc:mariadb://db:3306/app?user=app&password=<redacted:password>) for user 'app': Connecti` +
			`on refused`,
	},
	{
		"job-django",
		`django.core.exceptions.ImproperlyConfigured: SECRET_KEY '<redacted:secret>' must be at least 50 characters`,
	},
	{
		"job-rails",
		`ActiveRecord::NoDatabaseError: {"adapter"=>"postgresql", "host"=>"pg", "username"=>"app", "password"=>"<redacted:password>"}`,
	},
	{
		"job-rails8",
		`connect failed: {adapter: "mysql2", host: "db", password: "<redacted:password>", port: 3306}`,
	},
	{
		"job-laravel",
		`SQLSTATE[HY000] [1045] Access denied for user 'app'@'10.0.0.4' (using password: YES) (SQL: PDO('mysql:host=db;dbname=app', 'app', '<redacted` +
			`:secret>'))`,
	},
	{
		"job-node",
		`Error: ER_ACCESS_DENIED_ERROR { host: 'db', user: 'app', password: '<redacted:password>', database: 'app' }`,
	},
	{
		"job-prisma",
		"Error: P1000: Authentication failed against database server at `db`, the provided database credentials for `app` are not valid. datasource u" +
			`rl: "mysql://<redacted:url-userinfo>@db:3306/app"`,
	},
	{"job-sequelize", `Executing (default): CREATE USER 'app'@'%' IDENTIFIED BY '<redacted:password>';`},
	{
		"job-pg-create",
		`ERROR: syntax error at or near "PASWORD" in: CREATE ROLE app LOGIN PASSWORD '<redacted:password>'`,
	},
	{
		"job-pg-alter",
		`STATEMENT: ALTER USER app WITH ENCRYPTED PASSWORD '<redacted:password>' VALID UNTIL '2027-01-01'`,
	},
	{
		"job-mongo-create",
		`MongoServerError: user exists: db.createUser({user: "app", pwd: "<redacted:password>", roles: ["readWrite"]})`,
	},
	{
		"job-redis-conf",
		`*** FATAL CONFIG FILE ERROR *** Reading the configuration file, at line 3 >>> 'requirepass <redacted:password>' Bad directive`,
	},
	{"job-rabbit", `rabbitmqctl add_user app <redacted:secret>: user already exists`},
	{
		"job-rabbit-json",
		`{"users":[{"name":"app","password_hash":"<redacted:password>","hashing_algorithm":"rabbit_password_hashing_sha256"}]}`,
	},
	{
		"job-keycloak",
		`kcadm.sh config credentials --server http://kc:8080 --realm master --user admin --password <redacted:password>: Invalid user credentials`,
	},
	{
		"job-keycloak-env",
		`KEYCLOAK_ADMIN=admin KEYCLOAK_ADMIN_PASSWORD=<redacted:password> KC_DB_PASSWORD=<redacted:password> kc.sh start`,
	},
	{"job-grafana", `grafana cli admin reset-admin-password <redacted:password>: exit 1`},
	{
		"job-grafana-ini",
		`logger=settings level=error msg="failed to parse" line="admin_password = <redacted:password>"`,
	},
	{
		"job-minio",
		`mc alias set local http://minio:9000 <redacted:secret> <redacted:secret>: mc: <ERROR> Unable to initialize new alias`,
	},
	{
		"job-nats",
		`nats-server: error parsing config: authorization { user: app, password: <redacted:password> }`,
	},
	{
		"job-kafka",
		`org.apache.kafka.common.config.ConfigException: sasl.jaas.config: org.apache.kafka.common.security.scram.ScramLoginModule required username=` +
			`"app" password="<redacted:password>";`,
	},
	{"job-es", `curl -u <redacted:password> http://es:9200/_cluster/health => 401`},
	{"job-vault", `vault operator unseal <redacted:secret>: Error unsealing`},
	{"job-vault-token", `export VAULT_TOKEN=<redacted:token> && vault kv get secret/app`},
	{"job-consul", `consul: Unexpected response code: 403 (ACL token <redacted:token> not found)`},
	{
		"job-etcd",
		`etcdctl --user <redacted:password> endpoint health: etcdserver: authentication failed, invalid user ID or password`,
	},
	{"job-ldap", `slappasswd -s <redacted:secret>: error`},
	{"job-ldif", "dn: uid=app,dc=corp\nuserPassword: <redacted:password>\nobjectClass: person"},
	{"job-ldif-b64", "dn: uid=app,dc=corp\nuserPassword:: <redacted:password>"},
	{
		"job-smtp",
		`smtplib.SMTPAuthenticationError: (535, b'5.7.8 Error: authentication failed') login('alerts@corp.example', '<redacted:password>')`,
	},
	{"job-smtp-plain", `AUTH PLAIN <redacted:authorization>: 535 5.7.8`},
	{"job-ftp", `ftp: 530 Login incorrect. USER app PASS <redacted:password>`},
	{"job-sftp", `lftp -u app,<redacted:password> sftp://files.corp.example: Login failed`},
	{
		"job-smb",
		`mount.cifs //nas/share -o username=app,password=<redacted:password>,vers=3.0: mount error(13): Permission denied`,
	},
	{
		"job-pv",
		`MountVolume.SetUp failed for volume "nas": mount failed: exit status 32 Mounting arguments: -t cifs -o username=svc,password=<redacted:passw` +
			`ord> //nas/share /var/lib/kubelet/x`,
	},
	{
		"job-csi",
		`rpc error: code = Internal desc = rbd: map failed: cmd rbd --id csi --key=<redacted:secret> -m 10.0.0.1 map pool/img`,
	},
	{"job-ceph", `mount error 1 = Operation not permitted: ceph-fuse --secret=<redacted:secret>`},
	{"job-iscsi", `iscsiadm: Could not login: node.session.auth.password = <redacted:password>`},
	{
		"job-restic",
		`Fatal: wrong password or no key found; RESTIC_PASSWORD=<redacted:password> RESTIC_REPOSITORY=s3:https://s3/b`,
	},
	{
		"job-velero",
		`rpc error: InvalidAccessKeyId: [<redacted:secret>]\naws_access_key_id=<redacted:secret>\naws_secret_access_key=<redacted:secret>\n`,
	},
	{"job-borg", `BORG_PASSPHRASE='<redacted:password>' borg list: Repository does not exist`},
	{"job-rclone", `rclone: couldn't decrypt password in config: pass = <redacted:password>`},
	{"job-wireguard", "wg setconf: Line unrecognized: `PrivateKey=<redacted:secret>'"},
	{"job-tailscale", `tailscale up --authkey=<redacted:secret>: invalid key`},
	{"job-cloudflared", `cloudflared tunnel run --token <redacted:token>: Provided Tunnel token is not valid.`},
	{
		"job-cf-api",
		`cert-manager: Cloudflare API Error: 9109: Max auth failures, X-Auth-Key: <redacted:secret> X-Auth-Email: a@b.example`,
	},
	{"job-cf-token", `external-dns: Invalid request headers (6003): Authorization: <redacted:authorization>`},
	{
		"job-acme",
		`acme: error 403 urn:ietf:params:acme:error:unauthorized, EAB hmac key <redacted:secret> key id abc`,
	},
	{"job-letsencrypt-key", `error decoding private key PEM block: "<redacted:pem>\n"`},
	{"job-do", `Unable to authenticate you, DIGITALOCEAN_TOKEN: <redacted:token>`},
	{"job-hcloud", `hcloud: unable to authenticate, HCLOUD_TOKEN=<redacted:token> (unauthorized)`},
	{"job-ovh", `OVH_APPLICATION_SECRET=<redacted:secret> OVH_CONSUMER_KEY=<redacted:secret>: NOT_CREDENTIAL`},
	{"job-linode", `linode: [401] Invalid Token <redacted:token>`},
	{"job-stripe", `Invalid API Key provided: <redacted:api-key>`},
	{
		"job-sendgrid",
		`sendgrid: 401 The provided authorization grant is invalid: SENDGRID_API_KEY=<redacted:api-key>`,
	},
	{
		"job-openai",
		`Incorrect API key provided: <redacted:api-key> You can find your API key at https://platform.openai.com/account/api-keys.`,
	},
	{"job-anthropic", `authentication_error: invalid x-api-key <redacted:api-key>`},
	{"job-hf", `huggingface: 401 Client Error. Token <redacted:token> invalid`},
	{"job-newrelic", `NEW_RELIC_LICENSE_KEY=<redacted:secret> rejected`},
	{
		"job-dd",
		`API Key invalid, dropping transaction for https://app.datadoghq.com: DD_API_KEY <redacted:api-key>`,
	},
	{"job-sentry-auth", `sentry-cli releases new: error: auth token <redacted:token> invalid`},
	{"job-snyk", `SNYK_TOKEN=<redacted:token> snyk monitor: 401`},
	{"job-sonar", `sonar: Not authorized, token <redacted:token>`},
	{"job-artifactory", `curl: (22) 401 X-JFrog-Art-Api: <redacted:artifactory-token>`},
	{"job-artifactory-ref", `jf: <redacted:artifactory-token>: 401`},
	{"job-nexus", `nexus: 401 for <redacted:password> at repository/helm-hosted`},
	{"job-nuget", `dotnet nuget push -k <redacted:nuget-key> -s nuget.org: 403`},
	{"job-npm", `npm ERR! code EOTP npm_config__auth=<redacted:authorization> `},
	{
		"job-twilio",
		`Twilio: 20003 Authenticate, <redacted:secret> <redacted:secret> auth token <redacted:token>`,
	},
	{"job-firebase", `FCM: server key AAAAYXyM_-J:<redacted:base64> invalid`},
	{"job-airflow", `cryptography.fernet.InvalidToken: <redacted:token>`},
	{
		"job-celery",
		`consumer: Cannot connect to redis://<redacted:url-userinfo>@redis:6379/0, broker url was redis://<redacted:url-userinfo>@redis:6379/0`,
	},
	{"job-superset", `SECRET_KEY = "<redacted:secret>" is insecure`},
	{
		"job-argocd",
		`argocd login argocd.corp.example --username admin --password <redacted:password> --grpc-web: rpc error`,
	},
	{"job-jenkins", `jenkins: http://<redacted:url-userinfo>@jenkins:8080/crumbIssuer 403 No valid crumb`},
	{"job-rancher", `token-x7k2p:<redacted:token> must authenticate`},
	{"job-k3s", `K3S_TOKEN=<redacted:token> failed to validate token`},
	{"job-talos", `talosctl: cluster secret <redacted:secret> invalid`},
	{"job-snmp", `snmpwalk -v2c -c <redacted:secret> 10.0.0.1 timeout`},
	{"job-radius", `freeradius: shared secret '<redacted:secret>' for client 10.0.0.2 incorrect`},
	{"job-vpn", `openvpn: AUTH_FAILED, auth-user-pass app <redacted:secret>`},
	{"job-totp", `MFA failed: otpauth://totp/Grafana:admin?secret=<redacted:secret>&issuer=Grafana`},
	{"job-wifi", `wpa_supplicant: psk="<redacted:password>" too short`},
}
