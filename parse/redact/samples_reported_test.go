package redact_test

// exactReported are the rows of the samples of fixtures/secrets/reported.txtar.
var exactReported = []exact{
	{
		"src-clone-idna",
		`failed to checkout and determine revision: unable to clone 'https://<redacted:url-userinfo>@gitlab.corp.example:8443/platform/fleet.git': Ge` +
			`t "https://<redacted:url-userinfo>@gitlab.corp.example:8443/platform/fleet.git/info/refs?service=git-upload-pack": dial tcp: lookup gitlab.c` +
			`orp.example on 10.96.0.10:53: no such host`,
	},
	{
		"src-ls-remote",
		`unable to list remote for 'https://<redacted:url-userinfo>@gitlab.com/org/fleet': authentication required: HTTP Basic: Access denied. If a p` +
			`assword was provided for Git authentication, the password was incorrect`,
	},
	{
		"src-parse-url",
		`failed to parse url 'https://<redacted:url-userinfo>@github.com:org/repo.git': parse "https://<redacted:url-userinfo>@github.com:org/repo.gi` +
			`t": invalid port "<redacted:url-userinfo>" after host`,
	},
	{
		"src-userinfo-pct",
		`failed to fetch Helm repository index: failed to cache index to temporary file: failed to fetch https://<redacted:url-userinfo>@nexus.corp.e` +
			`xample/repository/helm/index.yaml : 401 Unauthorized`,
	},
	{
		"src-userinfo-uni",
		`failed to login to OCI registry: Get "https://<redacted:url-userinfo>@harbor.corp.example/v2/": net/http: invalid header field value for "Au` +
			`thorization"`,
	},
	{
		"src-secretref-yaml",
		`failed to configure authentication options: failed to get secret 'flux-system/git-creds': json: cannot unmarshal object into Go struct field` +
			` Secret.data of type []uint8: {"password":{"value":"<redacted:password>"}}`,
	},
	{
		"src-knownhosts",
		`failed to parse known_hosts: knownhosts: /tmp/known_hosts123:2: ssh: no key found: identity=<redacted:pem>\n`,
	},
	{
		"src-ssh-key",
		`failed to create auth options: ssh: this private key is passphrase protected, tried with "<redacted:secret>"`,
	},
	{
		"src-ghapp",
		`failed to get github app token: could not parse private key: asn1: structure error: "<redacted:pem>\n"`,
	},
	{"src-ghapp2", "githubAppPrivateKey: |\n  <redacted:secret>\n    \ngithubAppID: \"12345\""},
	{
		"src-ghapp3",
		`error creating GitHub App transport: could not parse private key: Invalid Key: Key must be a PEM encoded PKCS1 or PKCS8 key: <redacted:pem> `,
	},
	{"src-ghapp-u000a", `{"githubAppInstallationID":"48273","githubAppPrivateKey":"<redacted:secret>"}`},
	{
		"src-gh-resp",
		`POST https://api.github.com/app/installations/48273/access_tokens: 201 {"token":"<redacted:token>","expires_at":"2026-11-27T09:12:11Z","perm` +
			`issions":{"contents":"read"}}`,
	},
	{
		"src-bucket-minio",
		`failed to create minio client: accesskey=<redacted:secret> secretkey=<redacted:secret> endpoint=minio.minio:9000: The request signature we c` +
			`alculated does not match the signature you provided`,
	},
	{
		"src-bucket-s3-presign",
		`failed to fetch bucket artifact: Get "https://flux-artifacts.s3.eu-central-1.amazonaws.com/apps/deploy.tar.gz?X-Amz-Algorithm=AWS4-HMAC-SHA2` +
			`56&X-Amz-Credential=<redacted:signature>&X-Amz-Date=20261127T080000Z&X-Amz-Expires=900&X-Amz-Security-Token=<redacted:token>&X-Amz-SignedHea` +
			`ders=host&X-Amz-Signature=<redacted:signature>": context deadline exceeded`,
	},
	{
		"src-bucket-azure",
		`failed to create azure blob client: GET https://fluxstore.blob.core.windows.net/artifacts?comp=list&restype=container&sv=2022-11-02&ss=b&srt` +
			`=sco&sp=rl&se=2027-01-01T00:00:00Z&st=2026-01-01T00:00:00Z&spr=https&sig=<redacted:signature> RESPONSE 403: 403 Server failed to authenticat` +
			`e the request`,
	},
	{
		"src-bucket-azconn",
		`failed to create client from connection string "DefaultEndpointsProtocol=https;AccountName=fluxstore;AccountKey=<redacted:secret>;EndpointSu` +
			`ffix=core.windows.net": parse error`,
	},
	{
		"src-bucket-azsas",
		`connection string is either blank or malformed: BlobEndpoint=https://fluxstore.blob.core.windows.net/;SharedAccessSignature=<redacted:signat` +
			`ure>&ss=b&srt=co&sp=rl&se=2027-01-01&sig=<redacted:signature>`,
	},
	{
		"src-bucket-azsp",
		`ClientSecretCredential authentication failed. POST https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/oauth2/v2.0/token ` +
			`RESPONSE 401 Unauthorized {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Ensure the secret be` +
			`ing sent in the request is the client secret value, not the client secret ID, for a secret added to app: '<redacted:secret>'."}`,
	},
	{
		"src-bucket-gcp",
		`failed to create GCP client: google: error getting credentials using GOOGLE_APPLICATION_CREDENTIALS environment variable: unexpected end of ` +
			`JSON input: {"type": "service_account", "project_id": "fleet", "private_key_id": "<redacted:secret>", "private_key": "<redacted:secret>", "c` +
			`lient_email": "flux@fleet.iam.gserviceaccount.com"`,
	},
	{
		"src-bucket-gcp-hmac",
		`googleapi: Error 403: Access denied., forbidden (<redacted:google-key> / <redacted:base64>)`,
	},
	{
		"src-verify-cosign",
		`failed to verify the signature using provider 'cosign': decrypting key: encrypted: decryption failed; COSIGN_PASSWORD=<redacted:password>`,
	},
	{"src-verify-pgp", `failed to verify commit: unable to read armored key ring: <redacted:pem>\n`},
	{
		"src-proxy",
		`failed to checkout: proxyconnect tcp: dial tcp: Proxy-Authorization: <redacted:authorization>`,
	},
	{
		"src-proxy-url",
		`invalid proxy URL 'http://<redacted:url-userinfo>@proxy.corp.example:3128 ': net/url: invalid userinfo`,
	},
	{
		"src-oci-docker",
		`failed to parse docker config JSON '{"auths":{"registry.corp.example":{"username":"robot$flux","password":"<redacted:password>","auth":"<red` +
			`acted:authorization>"}}}': unexpected token`,
	},
	{
		"src-oci-bearer",
		`GET https://ghcr.io/token?scope=repository%3Aorg%2Fmanifests%3Apull&service=ghcr.io: DENIED: requested access to the resource is denied (Aut` +
			`horization: <redacted:authorization>`,
	},
	{
		"src-oci-refresh",
		`POST https://fleet.azurecr.io/oauth2/token: grant_type=refresh_token&service=fleet.azurecr.io&scope=repository%3Aapps%3Apull&refresh_token=<` +
			`redacted:token>: 401 Unauthorized`,
	},
	{"src-ecr", `failed to decode ECR token: illegal base64 data at input byte 4093: AWS:<redacted:base64>`},
	{"src-header", `net/http: invalid header field value "<redacted:header-value>" for key Authorization`},
	{
		"src-mtls",
		`failed to construct Helm client's TLS config: cannot parse Helm repository client certificate and key: tls: failed to parse private key: <re` +
			`dacted:secret>"<redacted:pem>\n"`,
	},
	{
		"kus-build-env",
		`kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'https://<redacted:url-userinfo>@gitlab.com/or` +
			`g/base.git?ref=v1.2': URL is a git repository': hit 27s timeout running '/usr/bin/git fetch --depth=1 https://<redacted:url-userinfo>@gitlab` +
			`.com/org/base.git v1.2'`,
	},
	{
		"kus-secretgen",
		"kustomize build failed: trouble configuring builtin SecretGenerator with config: `\nliterals:\n- DB_USER=app\n- DB_PASSWORD=<redacted:password>" +
			"\n- SMTP_PASS=<redacted:password>\nname: app-env\n`: illegal key",
	},
	{"kus-literal", `kustomize build failed: invalid literal source <redacted:base64>, expected key=value`},
	{
		"kus-ssa-secret",
		`Secret/apps/db dry-run failed (Invalid): Secret "db" is invalid: data[password]: Invalid value: "<redacted:secret-data>": illegal base64 dat` +
			`a at input byte 4`,
	},
	{
		"kus-ssa-quote",
		`Deployment/apps/web dry-run failed: failed to create typed patch object (apps/web; apps/v1, Kind=Deployment): .spec.template.spec.containers` +
			`[name="web"].env[name="STRIPE_KEY"].value: expected string, got &value.valueUnstructured{Value:<redacted:secret-data>}`,
	},
	{
		"kus-patch-json",
		`failed to apply json patch [{"op":"add","path":"/stringData/password","value":"<redacted:password>"}]: add operation does not apply: doc is ` +
			`missing path`,
	},
	{
		"kus-patch-sm",
		"error: unable to parse SM or JSON patch from [apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  <redacted:secret-data>\n]",
	},
	{
		"kus-diff",
		"drift detected in Secret/apps/db:\n  data:\n-   password: <redacted:password>\n+   password: <redacted:password>",
	},
	{
		"kus-postbuild",
		`var substitution failed for 'app': variable not set (strict mode): "db_url: postgres://<redacted:url-userinfo>@db/${name}"`,
	},
	{
		"kus-postbuild2",
		`post build failed for 'cfg': envsubst error: unable to parse variable name in "grafana_admin_password: <redacted:password>"`,
	},
	{
		"kus-yaml",
		`failed to decode Kubernetes YAML from /tmp/kustomization-1/secret.yaml: error converting YAML to JSON: yaml: line 7: found character that ca` +
			`nnot start any token: "<redacted:token>"`,
	},
	{
		"kus-yaml2",
		`MalformedYAMLError: yaml: line 9: mapping values are not allowed in this context in File: secret.yaml; line content: '<redacted:secret>'`,
	},
	{
		"kus-sops",
		`failed to decrypt and load 'secrets.env': cannot get sops data key: Failed to get the data key required to decrypt the SOPS file. age: <reda` +
			`cted:age-key>: FAILED - error parsing secret keys`,
	},
	{
		"kus-sops-dotenv",
		`failed to format dotenv: invalid dotenv input line: "SMTP_PASSWORD <redacted:password>"`,
	},
	{
		"kus-sops-vault",
		`failed to decrypt: error making API request to vault: PUT http://vault.vault:8200/v1/sops/decrypt/firstkey X-Vault-Token: <redacted:token> C` +
			`ode: 403`,
	},
	{
		"kus-sops-aws",
		`failed to call kms: UnrecognizedClientException: The security token included in the request is invalid. (aws_access_key_id: <redacted:secret` +
			`>, aws_secret_access_key: <redacted:secret>, aws_session_token: <redacted:token>)`,
	},
	{
		"kus-health",
		`health check failed after 5m: Job/apps/migrate status: 'Failed': container "migrate" exited 1: FATAL: password authentication failed for use` +
			`r "app" (PGPASSWORD=<redacted:password>)`,
	},
	{
		"kus-kubeconfig",
		"unable to load kubeconfig: error loading config file \"/tmp/kubeconfig\": yaml: line 18: could not find expected ':'\nusers:\n- name: flux\n  use" +
			"r:\n    client-certificate-data: <redacted:base64>\n    client-key-data: <redacted:secret>\n    token: <redacted:token>",
	},
	{
		"kus-kubeconfig-json",
		`Couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct; kubeconfig: {"users":[{"name":"ci",` +
			`"user":{"token":"<redacted:token>"}},{"name":"ops","user":{"username":"ops","password":"<redacted:password>"}}]}`,
	},
	{
		"kus-exec",
		`exec plugin: getting credentials: exec: executable aws failed with exit code 254 (args: [eks get-token --cluster-name prod], env: [AWS_ACCES` +
			`S_KEY_ID=<redacted:secret> AWS_SECRET_ACCESS_KEY=<redacted:secret>])`,
	},
	{
		"helm-values",
		`Helm install failed for release apps/grafana with chart grafana@8.5.1: values don't meet the specifications of the schema(s) in the followin` +
			"g chart(s):\ngrafana:\n- adminPassword: Does not match pattern '^.{16,}$' (got \"<redacted:secret>\")",
	},
	{
		"helm-tpl",
		`Helm upgrade failed: template: app/templates/secret.yaml:12:19: executing "app/templates/secret.yaml" at <.Values.db.password | b64enc>: err` +
			`or calling b64enc: wrong type for value; expected string; got map[string]interface {}{<redacted:secret>}`,
	},
	{
		"helm-tpl2",
		`execution error at (redis/templates/NOTES.txt:14:4): PASSWORDS ERROR: You must provide your current passwords when upgrading the release. --` +
			`set auth.password=<redacted:password>`,
	},
	{
		"helm-tpl3",
		`template: rabbitmq/templates/secrets.yaml:31:24: executing "rabbitmq/templates/secrets.yaml" at <include "common.secrets.passwords.manage" (` +
			`dict "providedValues" "<redacted:secret>" )>: error calling include`,
	},
	{
		"helm-vals-goval",
		`failed to compose values: unable to merge value from key 'auth' in Secret 'apps/redis-values': map[auth:map[enabled:true password:<redacted:` +
			`password> sentinel:false] replica:map[replicaCount:3]]`,
	},
	{
		"helm-yaml-merge",
		`unable to read values from key 'values.yaml' in Secret 'apps/pg': error converting YAML to JSON: yaml: line 3: found unknown escape characte` +
			"r:\nauth:\n  postgresPassword: \"<redacted:password>\"\n  replicationPassword: <redacted:password>",
	},
	{
		"helm-setvalue",
		`unable to merge value from key 'pw' in Secret 'apps/pg' into target path 'auth.password': key "<redacted:secret>" has no value`,
	},
	{
		"helm-post",
		`error while running post render on files: patching: {"apiVersion":"v1","kind":"Secret","stringData":"<redacted:secret-data>"}`,
	},
	{
		"helm-repo",
		`could not download chart: failed to fetch https://nexus.corp.example/repository/charts/app-1.2.3.tgz?token=<redacted:token> : 403 Forbidden`,
	},
	{
		"helm-login",
		`failed to login to registry 'oci://ghcr.io/org/charts': response status code 401: unauthorized: authentication required; username: "org-bot"` +
			` password: "<redacted:password>"`,
	},
	{
		"helm-k8s",
		`Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 8, error found in #10 byte of ...|<redacted:secret-d` +
			`ata>|..., bigger context ...|<redacted:secret-data>|...`,
	},
	{
		"helm-job",
		`pre-upgrade hooks failed: job migrate failed: BackoffLimitExceeded; last logs: sqlalchemy.exc.OperationalError: could not connect to postgre` +
			`sql+psycopg2://<redacted:url-userinfo>@pg:5432/app`,
	},
	{
		"not-slack",
		`failed to send notification: postMessage failed: failed to execute request: Post "https://hooks.slack.<redacted:base64>": dial tcp 3.68.170.` +
			`153:443: i/o timeout`,
	},
	{
		"not-slack-bot",
		`failed to send notification: Slack responded with error: invalid_auth, token <redacted:token>, channel #alerts`,
	},
	{"not-teams", `postMessage failed: Post "https://corp.webhook.office.com/<redacted:webhook>": EOF`},
	{
		"not-teams-pa",
		`Post "https://prod-41.westeurope.logic.azure.com:443/workflows/<redacted:webhook>?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.` +
			`0&sig=<redacted:signature>": giving up after 5 attempt(s)`,
	},
	{
		"not-teams-pa2",
		`Post "https://default72f988bf86f141af91ab2d7cd011db.47.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/<red` +
			`acted:webhook>?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=<redacted:signature>": unexpected status 401`,
	},
	{"not-discord", `postMessage failed: POST https://discord.<redacted:base64> giving up after 4 attempts`},
	{
		"not-gchat",
		`Post "https://chat.googleapis.com/v1/spaces/AAAAuK3bq8o/messages?key=<redacted:secret>&token=<redacted:token>": http2: server sent GOAWAY`,
	},
	{
		"not-mattermost",
		`Post "https://chat.corp.example/hooks/<redacted:webhook>": x509: certificate signed by unknown authority`,
	},
	{
		"not-rocket",
		`postMessage failed: Post "https://rocket.corp.<redacted:base64>": context deadline exceeded`,
	},
	{
		"not-lark",
		`Post "https://open.larksuite.com/open-apis/bot/v2/hook/<redacted:webhook>": request failed with status code 400`,
	},
	{"not-pagerduty", `failed to send: invalid routing key <redacted:secret> for pagerduty`},
	{
		"not-opsgenie",
		`Opsgenie: 422 {"message":"Key format is not valid!","took":0.0,"requestId":"2cfd"} GenieKey <redacted:authorization>`,
	},
	{
		"not-sentry",
		`[Sentry] DsnParseError: https://<redacted:url-userinfo>@o447951.ingest.sentry.io/5429219: invalid project id`,
	},
	{"not-telegram", `Post "https://api.telegram.org/bot<redacted:webhook>": Bad Request: chat not found`},
	{"not-telegram2", `telegram: token <redacted:token> rejected: Unauthorized`},
	{
		"not-matrix",
		`PUT https://matrix.example/_matrix/client/r0/rooms/!abc:matrix.example/send/m.room.message/abc?access_token=<redacted:token>: 401 M_UNKNOWN_` +
			`TOKEN`,
	},
	{"not-grafana", `Post "https://<redacted:url-userinfo>@grafana.example/api/annotations": 401`},
	{
		"not-datadog",
		`failed to create Datadog provider: DD-API-KEY <redacted:api-key> DD-APPLICATION-KEY <redacted:secret>: 403 Forbidden`,
	},
	{"not-webex", `POST https://webexapis.com/v1/messages 401: Bearer <redacted:authorization>`},
	{
		"not-eventhub",
		`failed to create azure event hub: Endpoint=sb://fluxns.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=<redacted:secret>;En` +
			`tityPath=flux-events`,
	},
	{
		"not-gitdispatch",
		`repository_dispatch failed: POST https://api.github.com/repos/org/fleet/dispatches: 401 Bad credentials [], token was <redacted:token>`,
	},
	{"not-bitbucket", `failed to set commit status: user:<redacted:atlassian-token> at api.bitbucket.org: 401`},
	{"not-ado", `azuredevops: TF400813: The user '' is not authorized, PAT <redacted:token>`},
	{
		"not-ado84",
		`failed to create commit status: GET https://dev.azure.com/org/_apis/git with basic auth ":<redacted:base64>": 302`,
	},
	{"not-gitea", `gitea: user "flux" token "<redacted:token>": 401 Unauthorized`},
	{
		"not-headers",
		`failed to read headers from secret 'flux-system/generic': headers: {"X-Webhook-Signature":"<redacted:signature>","Authorization":"<redacted:` +
			`authorization>"}`,
	},
	{
		"not-generic-hmac",
		`generic-hmac: X-Signature: <redacted:signature> does not match token <redacted:token>`,
	},
	{"not-receiver", `failed to handle request: receiver path /hook/<redacted:webhook>: 404`},
	{
		"not-nats",
		`failed to connect nats: nats://<redacted:url-userinfo>@nats.nats:4222: nats: Authorization Violation`,
	},
	{
		"img-scan",
		`scan failed: GET https://registry.corp.example/v2/app/tags/list?n=1000: UNAUTHORIZED: authentication required; [map[Action:pull Class: Name:` +
			`app Type:repository]] auth="<redacted:authorization>"`,
	},
	{
		"img-ecr",
		`ecr: InvalidSignatureException, credentials=<redacted:secret>:"<redacted:aws-key>", SecretAccessKey:"<redacted:secret>", SessionToken:"<reda` +
			`cted:token>", Source:"WebIdentity", CanExpire:true}`,
	},
	{
		"img-push",
		`failed to push to remote: push to https://<redacted:url-userinfo>@bitbucket.org/org/fleet.git: remote: Permission denied`,
	},
	{
		"img-sign",
		`failed to sign commit: openpgp: invalid data: private key checksum failure: passphrase <redacted:password>`,
	},
}
