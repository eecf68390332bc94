package redact_test

// exactValidation are the rows of the samples of fixtures/secrets/validation.txtar.
var exactValidation = []exact{
	{
		"schema-got",
		`values don't meet the specifications of the schema(s) in the following chart(s): app: - at '/auth/password': got string "<redacted:secret>",` +
			` want object`,
	},
	{"schema-got-token", `- at '/global/apiToken': got string '<redacted:secret>', want null or object`},
	{"schema-got-number", `- at '/db/password': got number <redacted:secret>, want string`},
	{"schema-value-pattern", `- adminPassword: Does not match pattern '^[A-Z]+$': value "<redacted:secret>"`},
	{"schema-enum", `at '/smtp/password': value must be one of 'a', 'b'; got "<redacted:secret>"`},
	{"schema-minlength", `at '/admin/password': minLength: got 7, want 12: "<redacted:secret>"`},
	{"schema-const", `at '/redis/auth/password': value must be '<redacted:secret>'`},
	{
		"crd-type",
		`spec.values.db.password: Invalid value: "<redacted:secret-data>": spec.values.db.password in body must be of type string: "<redacted:passwor` +
			`d>"`,
	},
	{"crd-enum", `spec.password: Unsupported value: "<redacted:secret>": supported values: "a", "b"`},
	{"crd-toolong", `spec.token: Too long: may not be longer than 16: "<redacted:secret>"`},
	{"crd-duplicate", `spec.tokens[1]: Duplicate value: "<redacted:secret>"`},
	{"crd-invalid-map", `spec.auth: Invalid value: {"password":"<redacted:password>"}: must not be set`},
	{"crd-invalid-list", `spec.passwords: Invalid value: [<redacted:secret-data>]: too many`},
	{"go-strconv", `strconv.ParseInt: parsing "<redacted:secret>": invalid syntax (DB_PASSWORD)`},
	{
		"go-strconv-env",
		`env: parse error on field "Password" of type "int": strconv.ParseInt: parsing "<redacted:secret>": invalid syntax`,
	},
	{
		"unmarshal-yaml",
		"yaml: unmarshal errors:\n  line 4: cannot unmarshal !!str `<redacted:secret>` into map[string]string (field password)",
	},
	{
		"unmarshal-yaml-short",
		`error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string "<redacted:secret>" into Go struct field Auth.password of type i` +
			`nt`,
	},
	{"wanted-got", `token mismatch: want "<redacted:secret>", got "<redacted:secret>"`},
	{"expected-but-was", `password expected:<<redacted:secret>> but was:<<redacted:secret>>`},
	{"expected-password", `expected password "<redacted:password>" but received "<redacted:secret>"`},
	{"actual", `secret check failed: expected: "<redacted:secret>", actual: "<redacted:secret>"`},
	{"diff", `password differs: <redacted:password>`},
	{"diff-from-to", `password changed from "<redacted:password>"`},
	{"diff-from-to-bare", `password changed from <redacted:password>`},
	{"diff-arrow", `.stringData.password: <redacted:password>`},
	{"mailchimp", `mailchimp: <redacted:secret> API Key Invalid`},
	{"hex-upper", `0x<redacted:hex>`},
	{"cel", `spec.rules: failed rule: self.password.size() > 12, value is "<redacted:secret>"`},
	{
		"ssa-conflict",
		`Apply failed with 1 conflict: conflict with "kubectl" using v1: .data.password value <redacted:password>`,
	},
	{"sealed", `unseal: no key could decrypt secret (password): <redacted:password> <redacted:password>`},
	{"eso", `keyvault: {"value":"<redacted:secret>","id":"https://acme.vault.azure.net/secrets/db/9f1d"}`},
	{
		"eso-aws",
		`GetSecretValue: {"ARN":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf","Name":"db","SecretString":"<redacted:secret>"}`,
	},
	{"gsm", `projects/1/secrets/db/versions/3: payload:{data:"<redacted:secret>"}`},
	{"ssm", `{"Parameter":{"Name":"/prod/db/password","Type":"SecureString","Value":"<redacted:secret>"}}`},
	{"helm-notes", `export REDIS_PASSWORD=$(kubectl get secret x); login with <redacted:password>`},
	{"login-slash", `login robot/<redacted:password> failed: authentication failure`},
	{"login-pair", `login as robot with <redacted:password> failed: 401`},
	{"argument-call", `client.Login("robot", "<redacted:password>") returned 401`},
	{"connect-call", `sql.Open("mysql", "<redacted:url-userinfo>@tcp(db:3306)/shop") failed`},
	{"psycopg", `psycopg2.connect(host='db', user='app', password='<redacted:password>') failed`},
}
