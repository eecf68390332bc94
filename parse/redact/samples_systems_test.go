package redact_test

// exactSystems are the rows of the samples of fixtures/secrets/systems.txtar.
var exactSystems = []exact{
	{
		"patch-applying",
		"apply failed: Error from server (InternalError): error when applying patch:\n{\"stringData\":\"<redacted:secret-data>\"}\nto:\nResource: \"/v1, Reso" +
			"urce=secrets\", GroupVersionKind: \"/v1, Kind=Secret\"\nName: \"app\", Namespace: \"apps\"\nfor: \"d0cb7c41-b7cc-453a-93dd-fa1d98256df4.yaml\": Interna" +
			`l error occurred: rpc error: code = DeadlineExceeded`,
	},
	{
		"patch-helm",
		`cannot patch "web-secret" with kind Secret:  "" is invalid: patch: Invalid value: "{\"apiVersion\":\"v1\",\"data\":\"<redacted:secret-data>\` +
			`",\"kind\":\"Secret\",\"metadata\":{\"name\":\"web-secret\"}}": illegal base64 data at input byte 0`,
	},
	{
		"patch-readstring",
		`Secret in version "v1" cannot be handled as a Secret: v1.Secret.StringData: ReadString: expects " or n, but found 4, error found in #10 byte` +
			` of ...|<redacted:secret-data>|..., bigger context ...|<redacted:secret-data>|...`,
	},
	{
		"chart-requested",
		`Error run install chartRequested: &{[0xc00139bef0] 0xc000c90b40 <nil> [0xc000a6f950] map[CI:false ad:map[primary:map[dns:x sshPrivKey:<redac` +
			"ted:pem>\n token:<redacted:token>]]]}",
	},
	{
		"gov-values",
		`values: map[global:map[imageRegistry: storageClass:] mariadb:map[auth:map[database:app password:<redacted:password> rootPassword:<redacted:p` +
			`assword> username:app]]]`,
	},
	{
		"gov-values-list",
		`values: map[extraEnv:[map[name:SMTP_PASSWORD value:<redacted:password>] map[name:LOG value:info]]]`,
	},
	{"gov-values-space", `values: map[auth:map[password:<redacted:password> username:app]]`},
	{"values-set-arr", `envVars[0].name=GITHUB_TOKEN,envVars[0].value=<redacted:token>`},
	{
		"values-set-file",
		`failed parsing --set-file data: open x.pem: no such file or directory (tls.key=<redacted:secret>)`,
	},
	{
		"values-toml",
		"[database]\nurl = \"postgres://<redacted:url-userinfo>@db/app\"\npassword = \"<redacted:password>\"",
	},
	{
		"values-ini",
		"[default]\naws_access_key_id = <redacted:secret>\naws_secret_access_key = <redacted:secret>\naws_session_token = <redacted:token>",
	},
	{
		"values-properties",
		"spring.datasource.password=<redacted:password>\nspring.mail.password=<redacted:password>\nmanagement.metrics.export.datadog.api-key=<redacted:" +
			`api-key>`,
	},
	{
		"values-dotenv",
		`could not parse .env: unexpected character "-" in variable name near "APP-PASS=<redacted:password>\nDB_URL=mysql://<redacted:url-userinfo>@b` +
			`/c\n"`,
	},
	{"values-netrc", `git: parse netrc: machine github.com login bot password <redacted:password>`},
	{
		"values-gitcreds",
		`could not read /home/flux/.git-credentials: https://<redacted:url-userinfo>@gitlab.com`,
	},
	{"values-npmrc", `npm error code E401 //npm.pkg.github.com/:_authToken=<redacted:token>`},
	{"values-pip", `ERROR: Could not fetch index https://<redacted:url-userinfo>@pypi.corp.example/simple/`},
	{"values-htpasswd", `invalid htpasswd entry: admin:<redacted:password-hash>`},
	{"values-ssh-config", `ssh: handshake failed: knownhosts mismatch; identity was <redacted:pem>`},
	{
		"vault-unwrap",
		`Error unwrapping: Put "https://vault:8200/v1/sys/wrapping/unwrap": token <redacted:token> invalid`,
	},
	{
		"vault-approle",
		`login failed: {"role_id":"0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0","secret_id":"<redacted:secret>"}: invalid role or secret ID`,
	},
	{"vault-kv", `* vault read secret/data/app: map[data:map[<redacted:secret-data>] metadata:map[version:3]]`},
	{
		"vault-agent",
		"URL: PUT http://vault:8200/v1/auth/kubernetes/login\nCode: 403. Errors:\n* permission denied\nbody: {\"jwt\":\"<redacted:token>\",\"role\":\"flux\"}",
	},
	{"k8s-tokenreview", `TokenReview failed: {"spec":{"token":"<redacted:token>","audiences":["flux"]}}`},
	{
		"k8s-tokenrequest",
		`failed to create token: {"kind":"TokenRequest","status":{"token":"<redacted:token>","expirationTimestamp":"2026-11-27T10:00:00Z"}}`,
	},
	{"k8s-unauth", `Unauthorized: invalid bearer token, <redacted:jwt>`},
	{
		"k8s-exec-cred",
		`exec plugin: invalid apiVersion: {"kind":"ExecCredential","status":{"token":"<redacted:token>","clientKeyData":"<redacted:secret>"}}`,
	},
	{
		"k8s-bootstrap",
		`kubeadm join 10.0.0.1:6443 --token <redacted:token> --discovery-token-ca-cert-hash sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd1` +
			`5d6c15b0f00a08`,
	},
	{
		"azure-devops-url",
		`failed to clone 'https://<redacted:url-userinfo>@dev.azure.com/org/proj/_git/fleet': unexpected EOF`,
	},
	{
		"azure-devops-url84",
		`unable to clone 'https://<redacted:url-userinfo>@org.visualstudio.com/proj/_git/fleet': authorization failed`,
	},
	{
		"azure-devops-header",
		`GET https://dev.azure.com/org/proj/_git/fleet/info/refs: 401, extraheader: AUTHORIZATION: <redacted:authorization>`,
	},
	{
		"azure-servicebus",
		`azservicebus: Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=<redacted:secret>`,
	},
	{"azure-cosmos", `AccountEndpoint=https://app.documents.azure.com:443/;AccountKey=<redacted:secret>;`},
	{
		"azure-iot",
		`SharedAccessSignature sr=hub.azure-devices.net&sig=<redacted:signature>&se=1790000000&skn=device`,
	},
	{
		"azure-acr",
		`POST https://fleet.azurecr.io/oauth2/exchange: 401: refused access_token=<redacted:token>&tenant=x`,
	},
	{"azure-storage-key", `azblob: shared key <redacted:secret> is not valid for account fluxstore`},
	{
		"azure-client",
		`AADSTS7000222: The provided client secret keys for app 'x' are expired. AZURE_CLIENT_SECRET=<redacted:secret>`,
	},
	{
		"aws-sts",
		`<AssumeRoleWithWebIdentityResult><Credentials><redacted:secret></AccessKeyId><SecretAccessKey><redacted:secret></SecretAccessKey><SessionTok` +
			`en><redacted:token></SessionToken></Credentials></AssumeRoleWithWebIdentityResult>`,
	},
	{
		"aws-json",
		`{"AccessKeyId":"<redacted:secret>","SecretAccessKey":"<redacted:secret>","Token":"<redacted:token>","Expiration":"2026-11-27T12:00:00Z"}`,
	},
	{
		"aws-sig",
		`AuthorizationHeaderMalformed: AWS4-HMAC-SHA256 Credential=<redacted:secret>, SignedHeaders=host;x-amz-date, Signature=<redacted:signature>`,
	},
	{
		"aws-sigmismatch",
		`SignatureDoesNotMatch: <AWSAccessKeyId><redacted:secret></AWSAccessKeyId><StringToSign>AWS4-HMAC-SHA256</StringToSign><SignatureProvided><re` +
			`dacted:signature></SignatureProvided>`,
	},
	{
		"aws-env-go",
		`env: [AWS_REGION=eu-central-1 AWS_SESSION_TOKEN=<redacted:token> AWS_SECRET_ACCESS_KEY=<redacted:secret>]`,
	},
	{"aws-kms", `KMS: InvalidCiphertextException for secret AKIA pair <redacted:aws-key>:<redacted:base64>`},
	{
		"aws-presign-v2",
		`Get "http://minio:9000/b/k?AWSAccessKeyId=<redacted:secret>&Expires=1790000000&Signature=<redacted:signature>": 403`,
	},
	{
		"gcp-token",
		`oauth2: cannot fetch token: 400 Bad Request Response: {"error":"invalid_grant"} assertion=<redacted:jwt>`,
	},
	{"gcp-ya29", `googleapi: got HTTP response code 401 with Authorization: <redacted:authorization>`},
	{
		"gcp-json-goq",
		`failed to parse GCP service account: "{\"type\":\"service_account\",\"private_key_id\":\"<redacted:secret>\",\"private_key\":\"<redacted:sec` +
			`ret>\"}"`,
	},
	{
		"gcp-json-yaml",
		"serviceaccount: |\n  {\n    \"type\": \"service_account\",\n    \"private_key\": \"<redacted:secret>\",\n    \"client_email\": \"x@y.iam.gserviceaccount.co" +
			"m\"\n  }",
	},
	{
		"gcp-oauth",
		`client_secret_1.apps.googleusercontent.com.json: {"installed":{"client_id":"1.apps.googleusercontent.com","client_secret":"<redacted:secret>` +
			`"}}`,
	},
	{"gcp-api", `googlechat: API key not valid: key=<redacted:secret>`},
	{
		"oci-v2",
		`GET https://registry-1.docker.io/v2/org/app/manifests/1: TOOMANYREQUESTS; login as bot with <redacted:password>`,
	},
	{
		"oci-config",
		`{"auths":{"https://index.docker.io/v1/":{"username":"bot","password":"<redacted:password>","email":"a@b.c","auth":"<redacted:authorization>"` +
			`}}}`,
	},
	{"oci-config-legacy", `{"https://index.docker.io/v1/":{"auth":"<redacted:authorization>","email":""}}`},
	{"oci-identity", `{"auths":{"fleet.azurecr.io":{"identitytoken":"<redacted:token>"}}}`},
	{"oci-quay", `quay.io: org+robot:<redacted:password>: unauthorized`},
	{"oci-harbor", `harbor: robot$project+flux / <redacted:password> unauthorized`},
	{"oci-cosign-key", `<redacted:pem>`},
	{"git-ssh-key-broken", `ssh: no key found in '<redacted:pem>'`},
	{"git-ssh-nolines", `identity: "<redacted:pem>"`},
	{
		"git-askpass",
		`fatal: could not read Password for 'https://bot@git.example': terminal prompts disabled; GIT_PASSWORD=<redacted:password>`,
	},
	{
		"git-extraheader",
		`git -c http.extraHeader='Authorization: <redacted:authorization>' fetch origin failed: exit status 128`,
	},
	{
		"git-insteadof",
		`url.https://<redacted:github-token>@github.com/.insteadOf https://github.com/: bad config`,
	},
	{
		"git-bearer",
		`git -c http.https://bitbucket.corp.example/.extraheader="Authorization: <redacted:authorization>" clone: 401`,
	},
	{
		"gitea-url",
		`Get "https://gitea.corp.example/api/v1/repos/org/fleet?token=<redacted:token>": 404 Not Found`,
	},
	{"gitea-header", `Authorization: <redacted:authorization>`},
	{
		"gitlab-trigger",
		`POST https://gitlab.example/api/v4/projects/1/trigger/pipeline?token=<redacted:token>&ref=main: 400`,
	},
	{"gitlab-job", `GET https://gitlab.example/api/v4/job: JOB-TOKEN: <redacted:token>`},
	{"gitlab-feed", `GET https://gitlab.example/dashboard.atom?feed_token=<redacted:token>: 401`},
	{"gitlab-webhook", `X-Gitlab-Token <redacted:token> does not match`},
	{"github-hmac", `X-Hub-Signature-256: <redacted:signature> does not match, secret: <redacted:secret>`},
	{
		"recv-cdevents",
		`receiver 'apps/github' invalid: token in secret is "<redacted:secret>", expected base64`,
	},
	{"alert-grafana-key", `Get "https://grafana.corp.example/api/health": invalid API key <redacted:api-key>`},
	{
		"alert-dd-event",
		`Post "https://api.datadoghq.eu/api/v1/events?api_key=<redacted:api-key>&application_key=<redacted:secret>": 403`,
	},
	{"alert-pd-v2", `{"routing_key":"<redacted:secret>","event_action":"trigger"}: 400 Invalid routing key`},
	{"alert-og", `Post "https://api.opsgenie.com/v2/alerts?apiKey=<redacted:api-key>": 422`},
	{
		"alert-sentry-org",
		`sentry: Post "https://o1.ingest.de.sentry.io/api/4509/store/?sentry_key=<redacted:secret>&sentry_version=7": 429`,
	},
	{"alert-sentry-old", `dsn https://<redacted:url-userinfo>@sentry.corp.example/12 rejected`},
	{"alert-tg-chat", `telegram://<redacted:url-userinfo>@telegram?chats=@alerts: chat not found`},
	{"alert-matrix", `{"errcode":"M_UNKNOWN_TOKEN","access_token":"<redacted:token>","device_id":"ABC"}`},
	{"alert-webex", `Authorization: <redacted:authorization>`},
	{"alert-zulip", `Post "https://<redacted:url-userinfo>@zulip.corp.example/api/v1/messages": 401`},
	{
		"alert-pushover",
		`Post "https://api.pushover.net/1/messages.json?token=<redacted:token>&user=<redacted:secret>": 400`,
	},
	{"alert-ntfy", `Post "https://ntfy.corp.example/flux?auth=<redacted:authorization>": 403`},
	{"alert-splunk", `Authorization: <redacted:authorization>`},
	{
		"alert-alertmanager",
		`Post "https://<redacted:url-userinfo>@alertmanager.corp.example/api/v2/alerts": 401`,
	},
	{
		"alert-teams-old",
		`Microsoft Teams endpoint returned: 410 https://outlook.office.com/webhook/<redacted:webhook>`,
	},
	{"alert-gov-slack", `https://hooks.slack-gov.<redacted:base64>: no_service`},
	{"alert-workflow-slack", `Post "https://hooks.slack.com/triggers/<redacted:webhook>": 404`},
}
