package redact_test

// exactAttempts are the rows of the samples of fixtures/secrets/attempts.txtar.
var exactAttempts = []exact{
	{
		"k01",
		`failed to checkout and determine revision: unable to clone 'https://<redacted:url-userinfo>@git.internal.example/infra/flux.git': authentica` +
			`tion required: invalid credentials`,
	},
	{
		"k02",
		`failed to get Git reference: Get "https://git.internal.example/infra.git/info/refs?service=git-upload-pack&private_token=<redacted:token>": ` +
			`401`,
	},
	{
		"k03",
		`failed to reconcile artifact: proxy http://<redacted:url-userinfo>@squid.internal.example:3128 refused CONNECT`,
	},
	{
		"k04",
		`failed to fetch artifact: GET https://oci.internal.example/v2/apps/blobs/sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f0` +
			`0a08?X-Amz-Signature=<redacted:signature>&X-Amz-Credential=<redacted:signature>: 403`,
	},
	{"k05", `OCI artifact pull failed: unauthorized: token=<redacted:token>`},
	{
		"k06",
		`failed to determine artifact digest: GET https://index.docker.io/v2/: UNAUTHORIZED (username: robot, password: <redacted:password>)`,
	},
	{"k07", `failed to load kubeconfig: users[0].user.password is <redacted:password>, want token`},
	{
		"k08",
		`cluster 'edge-1' unreachable: Get "https://<redacted:url-userinfo>@10.9.8.7:6443/api": x509: certificate signed by unknown authority`,
	},
	{
		"k09",
		`kubeConfig secret 'edge/kubeconfig' key 'value': yaml: line 12: could not find expected ':' in 'token <redacted:token>'`,
	},
	{"k10", `bucket 'minio/flux': InvalidAccessKeyId (key <redacted:secret>, secret <redacted:secret>)`},
	{
		"k11",
		`bucket: S3 client options: {Endpoint:minio:9000 AccessKey:<redacted:secret> SecretKey:<redacted:secret> Insecure:true}`,
	},
	{
		"k12",
		`azure blob: StorageError: <?xml version="1.0"?><Error><Code>AuthenticationFailed</Code><AuthenticationErrorDetail>Signature did not match. S` +
			`tring to sign used was rl; sig=<redacted:signature></AuthenticationErrorDetail></Error>`,
	},
	{"k13", `azure: account key is invalid: <redacted:secret>`},
	{
		"k14",
		`azure: InvalidSasToken <redacted:token>&ss=bfqt&srt=sco&sp=rwdl&se=2027-01-01T00:00:00Z&spr=https&sig=<redacted:signature>`,
	},
	{
		"k15",
		`gcs: could not parse credentials JSON {"type":"authorized_user","client_secret":"<redacted:secret>","refresh_token":"<redacted:token>"}`,
	},
	{
		"k16",
		`decryption failed: sops metadata: age identity '<redacted:age-key>' did not match any of the recipients`,
	},
	{"k17", `decryption failed: error decrypting key with Vault token <redacted:token>`},
	{"k18", `decryption failed: gpg: passphrase "<redacted:password>" rejected for 0xABCDEF12`},
	{"k19", `decryption: cannot decode PGP key: <redacted:pem>\n`},
	{"k20", `post-build substitution: ${REGISTRY_PASSWORD} resolved to <redacted:password>`},
	{"k21", `post-build substitution: variable smtp_pass has value <redacted:password> which is not YAML`},
	{
		"k22",
		`Secret/apps/db: immutable field changed: data.password from <redacted:password> to <redacted:secret>`,
	},
	{"k23", `Secret/apps/tls: tls.key: Invalid value: "<redacted:secret-data>": must be PEM`},
	{"k24", `ConfigMap/apps/cfg: data.application.yml: spring.datasource.password: <redacted:password>`},
	{
		"k25",
		`HelmRelease/apps/db: values: {postgresql: {auth: {postgresPassword: <redacted:password>, database: app}}}: schema validation failed`,
	},
	{"k26", `Helm test failed: pod db-test logs: mysql: [Warning] mysql -uroot -p<redacted:password> -h db`},
	{"k27", `Helm rollback failed: cannot patch "db" with kind Secret: data.db-password: <redacted:password>`},
	{
		"k28",
		`Helm upgrade failed: failed to create resource: Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal number ` +
			`into Go struct field EnvVar.spec.template.spec.containers.env.value of type string: {"name":"OTP_PEPPER","value":<redacted:secret>}`,
	},
	{
		"k29",
		`Helm install failed: YAML parse error on db/templates/secret.yaml: error converting YAML to JSON: yaml: line 8: mapping values are not allow` +
			`ed in this context: "  password: <redacted:password>: x"`,
	},
	{
		"k30",
		`values-from: Secret apps/vals key values.yaml: could not parse: adminUser: root\nadminPassword: <redacted:password>\n`,
	},
	{"k31", `chart pull: 401 from https://<redacted:url-userinfo>@charts.internal.example/index.yaml`},
	{"k32", `chart pull: 403 for https://charts.internal.example/x.tgz?sp=r&sig=<redacted:signature>&sv=2023`},
	{
		"k33",
		`image scan: GET https://quay.io/v2/auth?account=org%2Bbot&service=quay.io: basic auth <redacted:authorization> denied`,
	},
	{"k34", `image scan: ecr token expired, Authorization: <redacted:authorization>`},
	{"k35", `image scan: harbor robot secret <redacted:secret> expired`},
	{"k36", `image update: failed to push: ssh key passphrase <redacted:password> wrong`},
	{"k37", `image update: commit signing: private key passphrase is "<redacted:password>"`},
	{"k38", `image update: remote rejected: https://<redacted:url-userinfo>@gitea.internal.example/infra.git`},
	{"k39", `notification: slack: https://hooks.slack.<redacted:base64> returned 410`},
	{"k40", `notification: slack bot token <redacted:token> not_in_channel`},
	{
		"k41",
		`notification: teams: https://prod-07.northeurope.logic.azure.com/workflows/<redacted:webhook>?api-version=2016-06-01&sig=<redacted:signature` +
			`> returned 401`,
	},
	{"k42", `notification: discord: https://discordapp.<redacted:base64> returned 404`},
	{
		"k43",
		`notification: google chat: https://chat.googleapis.com/v1/spaces/AAQAx/messages?key=<redacted:secret>&token=<redacted:token> returned 429`,
	},
	{"k44", `notification: mattermost https://mm.internal.example/hooks/<redacted:webhook> returned 400`},
	{"k45", `notification: rocket https://rc.internal.<redacted:base64> returned 400`},
	{
		"k46",
		`notification: lark https://open.feishu.cn/open-apis/bot/v2/hook/<redacted:webhook> sign <redacted:base64> mismatch`,
	},
	{"k47", `notification: pagerduty routing_key=<redacted:secret> rejected`},
	{"k48", `notification: opsgenie GenieKey <redacted:authorization> forbidden`},
	{"k49", `notification: sentry https://<redacted:url-userinfo>@sentry.internal.example/7 rejected event`},
	{"k50", `notification: telegram bot6259823318:<redacted:base64>: Unauthorized`},
	{"k51", `notification: matrix access token <redacted:token> unknown`},
	{"k52", `notification: grafana service account token <redacted:token> lacks permission annotations:write`},
	{"k53", `notification: datadog api key <redacted:api-key> app key <redacted:secret> forbidden`},
	{"k54", `notification: webex bearer <redacted:authorization> invalid`},
	{"k55", `notification: github token <redacted:token> expired`},
	{"k56", `notification: github app key "<redacted:secret>" malformed`},
	{"k57", `notification: gitlab token <redacted:token> lacks scope api`},
	{"k58", `notification: bitbucket app password <redacted:password> revoked`},
	{"k59", `notification: bitbucket server http access token <redacted:token> revoked`},
	{"k60", `notification: azure devops pat <redacted:token> expired`},
	{"k61", `notification: azure devops pat <redacted:token> expired`},
	{
		"k62",
		`notification: event hub Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=s;SharedAccessKey=<redacted:secret>`,
	},
	{"k63", `notification: nats nkey seed <redacted:base64> rejected`},
	{"k64", `notification: alertmanager basic auth am / <redacted:password> refused`},
	{"k65", `receiver: github: signature <redacted:signature> does not match secret <redacted:secret>`},
	{"k66", `receiver: gitlab: X-Gitlab-Token <redacted:token> mismatch`},
	{"k67", `receiver: nexus: hmac <redacted:signature> invalid for key <redacted:secret>`},
	{"k68", `receiver: webhook path /hook/<redacted:webhook> not found`},
	{"k69", `receiver: bitbucket: invalid X-Hub-Signature <redacted:signature>`},
	{"k70", `dependency: vault kv get -field=password secret/db returned <redacted:secret>`},
}
