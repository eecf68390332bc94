package redact_test

// exactDatabases are the rows of the samples of fixtures/secrets/databases.txtar.
var exactDatabases = []exact{
	{
		"postgres-url",
		"failed to connect to `postgres://<redacted:url-userinfo>@pg.db:5432/shop?sslmode=disable`: server error",
	},
	{
		"postgres-keywords",
		`cannot connect: host=pg.db port=5432 user=app password=<redacted:password> dbname=shop sslmode=require`,
	},
	{
		"postgres-keywords-quoted",
		`cannot connect: host=pg.db user=app password='<redacted:password>' dbname=shop`,
	},
	{
		"mysql-dsn",
		`Error 1045: could not open "<redacted:url-userinfo>@tcp(mysql.db:3306)/shop?parseTime=true"`,
	},
	{"mysql-dsn-unix", `invalid DSN: <redacted:secret>`},
	{"mysql-url", `mysql://<redacted:url-userinfo>@mysql.db:3306/shop: connection refused`},
	{
		"jdbc-mysql",
		`jdbc:mysql://mysql.db:3306/shop?user=app&password=<redacted:password>&useSSL=false refused`,
	},
	{"jdbc-oracle-thin", `Could not open jdbc:oracle:thin:scott/<redacted:password>@//ora.db:1521/ORCL`},
	{"jdbc-oracle-thin-sid", `Could not open <redacted:url-userinfo>@ora.db:1521:ORCL`},
	{"sqlplus", `command failed: sqlplus scott/<redacted:password>@ora.db:1521/ORCL: ORA-01017`},
	{
		"sqlserver",
		`Login failed: Server=tcp:sql.db,1433;Database=shop;User ID=sa;Password=<redacted:password>;Encrypt=true`,
	},
	{"sqlserver-url", `sqlserver://<redacted:url-userinfo>@sql.db:1433?database=shop: login error`},
	{
		"odbc",
		`Driver={ODBC Driver 18 for SQL Server};UID=sa;PWD=<redacted:password>;TrustServerCertificate=yes`,
	},
	{
		"mongo-srv",
		`error parsing uri: mongodb+srv://<redacted:url-userinfo>@cluster0.mongodb.net/shop?retryWrites=true`,
	},
	{
		"mongo",
		`mongodb://<redacted:url-userinfo>@m1.db:27017,m2.db:27017/shop?replicaSet=rs0: server selection error`,
	},
	{"redis", `rediss://<redacted:url-userinfo>@redis.db:6380: WRONGPASS invalid username-password pair`},
	{"redis-cli", `exec: redis-cli -h redis.db -a <redacted:password> ping: exit status 1`},
	{"amqp", `amqp://<redacted:url-userinfo>@mq.db:5672/vhost: ACCESS_REFUSED`},
	{"nats", `nats://<redacted:url-userinfo>@nats.mq:4222: authorization violation`},
	{"clickhouse", `clickhouse://<redacted:url-userinfo>@ch.db:9000/shop: handshake`},
	{"ldap-bind", `ldap: bind failed bindDN=cn=admin,dc=example,dc=com bindPW: <redacted:password>`},
	{"ldapsearch", `exec: ldapsearch -D cn=admin -w <redacted:password> -b dc=example: exit status 49`},
	{"smtp", `smtp://<redacted:url-userinfo>@smtp.example.com:587: 535 authentication failed`},
	{"snowflake", `snowflake: <redacted:url-userinfo>@acme-eu1/shop/public?warehouse=wh failed`},
	{"elasticsearch", `Elastic.Url=https://<redacted:url-userinfo>@es.db:9200 unreachable`},
	{"couchbase", `couchbase://<redacted:url-userinfo>@cb.db/bucket timeout`},
	{
		"azure-storage",
		`DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=<redacted:secret>;EndpointSuffix=core.windows.net`,
	},
	{
		"azure-servicebus",
		`Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=<redacted:secret>`,
	},
	{"azure-cosmos", `AccountEndpoint=https://acme.documents.azure.com:443/;AccountKey=<redacted:secret>;`},
	{"spring", `spring.datasource.password=<redacted:password> could not be bound`},
	{"django", `DATABASES = {'default': {'USER': 'app', 'PASSWORD': '<redacted:password>', 'HOST': 'pg.db'}}`},
	{"database-url-env", `DATABASE_URL=postgres://<redacted:url-userinfo>@pg.db/shop is not reachable`},
	{"identified-by", `syntax error near: CREATE USER app IDENTIFIED BY '<redacted:password>'`},
	{"with-password", `syntax error near: ALTER ROLE app WITH LOGIN PASSWORD '<redacted:password>'`},
	{"mysql-attached", `exec: mysql -h mysql.db -uroot -p<redacted:password> shop: exit status 1`},
	{"pgpassword", `exec: PGPASSWORD=<redacted:password> psql -h pg.db -U app: exit status 2`},
	{"netrc", `could not parse netrc: machine git.example.com login deploy password <redacted:password>`},
	{"npmrc", `//npm.example.com/:_authToken=<redacted:token> is not valid`},
	{
		"kafka-jaas",
		`sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="app" password="<redacted:password>";`,
	},
	{
		"oracle-easy-connect",
		`ORA-01017: invalid username/password; logon denied for report/<redacted:password>@//ora.example:1521/XE`,
	},
	{"oracle-easy-connect-word", `sqlcl scott/<redacted:password>@//db.example/ORCL: ORA-12514`},
}
