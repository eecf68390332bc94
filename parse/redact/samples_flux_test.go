package redact_test

// exactFlux are the rows of the samples of fixtures/secrets/flux.txtar.
var exactFlux = []exact{
	{
		"ssa-number",
		`Secret/apps/db dry-run failed: failed to create typed patch object (apps/db; /v1, Kind=Secret): .stringData.password: expected string, got &` +
			`value.valueUnstructured{Value:<redacted:secret-data>}`,
	},
	{
		"ssa-bool-text",
		`failed to create typed patch object (apps/db; /v1, Kind=Secret): .stringData.pin: expected string, got &value.valueUnstructured{Value:<redac` +
			`ted:secret-data>}`,
	},
	{
		"ssa-map",
		`failed to create typed patch object (apps/db; /v1, Kind=Secret): .stringData.config: expected string, got &value.valueUnstructured{Value:<re` +
			`dacted:secret-data>}`,
	},
	{
		"ssa-list",
		`failed to create typed patch object (apps/db; /v1, Kind=Secret): .data.keys: expected string, got &value.valueUnstructured{Value:<redacted:s` +
			`ecret-data>}`,
	},
	{
		"ssa-escaped",
		`{"error":"failed to create typed patch object (apps/db; /v1, Kind=Secret): .stringData.config: expected string, got &value.valueUnstructured` +
			`{Value:<redacted:secret-data>}"}`,
	},
	{
		"ssa-other-kind",
		`failed to create typed patch object (apps/web; apps/v1, Kind=Deployment): .spec.template.adminPassword: expected string, got &value.valueUns` +
			`tructured{Value:<redacted:secret-data>}`,
	},
	{
		"bad-request",
		`Secret in version "v1" cannot be handled as a Secret: v1.Secret.StringData: ReadString: expects " or n, but found 4, error found in #10 byte` +
			` of ...|<redacted:secret-data>|..., bigger context ...|<redacted:secret-data>|...`,
	},
	{
		"patch",
		"error when applying patch:\n{\"stringData\":\"<redacted:secret-data>\"}\nto:\nResource: \"/v1, Resource=secrets\", GroupVersionKind: \"/v1, Kind=Secre" +
			`t"`,
	},
	{
		"patch-data",
		`{"error":"error when applying patch:\n{\"data\":\"<redacted:secret-data>\"}\nto:\nResource: \"/v1, Resource=secrets\""}`,
	},
	{
		"go-map",
		`dry-run failed: map[apiVersion:v1 data:map[<redacted:secret-data>] kind:Secret metadata:map[name:db]]`,
	},
	{
		"go-syntax",
		`&v1.Secret{Data:map[string][]uint8{<redacted:secret-data>}, StringData:map[string]string{<redacted:secret-data>}, Type:"Opaque"}`,
	},
	{
		"yaml",
		"failed to decode Kubernetes YAML from:\napiVersion: v1\nkind: Secret\nstringData:\n  <redacted:secret-data>\nmetadata:\n  name: db",
	},
	{
		"yaml-escaped",
		`{"error":"failed to decode Kubernetes YAML from:\napiVersion: v1\nkind: Secret\nstringData:\n  <redacted:secret-data>\nmetadata:\n  name: db` +
			`\n"}`,
	},
	{"yaml-data-first", `{"error":"invalid: data:\n  <redacted:secret-data>\nkind: Secret\n"}`},
	{
		"invalid-value",
		`Secret "db" is invalid: data[admin]: Invalid value: "<redacted:secret-data>": must be base64`,
	},
	{
		"invalid-value-field",
		`HelmRelease "x" is invalid: spec.values.adminPassword: Invalid value: "<redacted:secret-data>": must be at least 12 characters`,
	},
	{
		"invalid-value-escaped",
		`{"error":"Deployment.apps \"web\" is invalid: spec.clientSecret: Invalid value: \"<redacted:secret-data>\": too short"}`,
	},
	{
		"helm-table",
		`coalesce.go:289: warning: destination for app.auth.password is a table. Ignoring non-table value (<redacted:secret-data>)`,
	},
	{
		"helm-schema",
		"values don't meet the specifications of the schema(s) in the following chart(s):\napp:\n- auth.password: Does not match pattern '^.{12,}$'. Gi" +
			`ven: password=<redacted:password>`,
	},
	{
		"helm-values-dump",
		`Helm upgrade failed: render error in "app/templates/x.yaml": values: map[auth:map[password:<redacted:password> user:joe] replicas:1]`,
	},
	{
		"helm-env",
		`cannot patch "web" with kind Deployment: spec.template.spec.containers[0].env[3]: {"name":"DB_PASSWORD","value":"<redacted:password>"}: inva` +
			`lid`,
	},
	{
		"sops-plain",
		`error decrypting sops tree: Could not decrypt value: Input string <redacted:sops-value> does not match sops' data format`,
	},
	{"kustomize-literals", `secretGenerator: literals: [password=<redacted:password> user=joe]: invalid`},
	{
		"postbuild",
		`post build failed for 'web': variable substitution failed: admin_password="<redacted:password>": bad substitution`,
	},
	{
		"notification-token",
		`{"level":"info","msg":"gitea create commit begin","token":"<redacted:token>","event":{"involvedObject":{"kind":"Kustomization"}}}`,
	},
	{
		"console",
		"2021-08-12T20:53:21.349-0400\tERROR\tcontroller-runtime.manager.controller.kustomization\tReconciliation failed after 580ms\t{\"reconciler group\"" +
			`: "kustomize.toolkit.fluxcd.io", "name": "x", "error": "error when applying patch:\n{\"data\":\"<redacted:secret-data>\"}\nto:\n"}`,
	},
	{
		"klog",
		`E0101 10:00:00.000000       1 reflector.go:1] failed to list: Unauthorized: token "<redacted:token>" is not valid`,
	},
	{
		"image-update",
		`failed to push to remote: authentication required: push https://<redacted:url-userinfo>@git.example.com/x main`,
	},
	{
		"bucket",
		`bucket 'flux': The request signature we calculated does not match: accesskey=<redacted:secret> secretkey=<redacted:secret>`,
	},
	{
		"oci-login",
		`failed to login to registry r.example.com: {"username":"joe","password":"<redacted:password>","serveraddress":"r.example.com"}: 401`,
	},
	{"cosign", `failed to verify: COSIGN_PASSWORD="<redacted:password>" is wrong`},
	{"receiver-secret", `receiver failed: unable to validate: expected token "<redacted:token>" got "x"`},
	{
		"values-configmap",
		"values from Secret/apps/db: key values.yaml: auth:\n  password: <redacted:password>\n  user: joe",
	},
	{
		"post-renderer",
		`post-renderer: patch: {"op":"replace","path":"/data/password","value":"<redacted:password>"}: invalid`,
	},
}
