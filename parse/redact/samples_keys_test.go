package redact_test

// exactKeys are the rows of the samples of fixtures/secrets/keys.txtar.
var exactKeys = []exact{
	{"rsa", `could not parse key: <redacted:pem>`},
	{"rsa-escaped", `{"error":"could not parse key: <redacted:pem>\n"}`},
	{"rsa-escaped-twice", `{"error":"{\"key\":\"<redacted:secret>\"}"}`},
	{"openssh", `<redacted:pem>`},
	{"ec-cut", `ssh: no key found in <redacted:pem>`},
	{"pkcs8", `<redacted:pem>`},
	{"encrypted", `<redacted:pem>`},
	{"pgp", `gpg: <redacted:pem>`},
	{"github-app", "githubAppPrivateKey: |\n  <redacted:secret>"},
	{"body-line", `<redacted:base64>`},
	{"body-last-line", `<redacted:base64>`},
	{
		"gcp",
		`{"error":"google: {\"type\":\"service_account\",\"private_key_id\":\"<redacted:secret>\",\"private_key\":\"<redacted:secret>\",\"client_emai` +
			`l\":\"x@y.iam.gserviceaccount.com\"}"}`,
	},
	{"yaml-known-hosts-kept", `identity: "<redacted:pem>\n"`},
	{
		"kubeconfig",
		"apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    client-certificate-data: <redacted:base64>\n    client-key-data: <redacted:secre" +
			`t>`,
	},
	{
		"kubeconfig-escaped",
		`{"error":"invalid kubeconfig: users:\n- name: admin\n  user:\n    client-key-data: <redacted:secret>\n    token: <redacted:token>\n"}`,
	},
	{
		"dockerconfig",
		`{"error":"{\"auths\":{\"ghcr.io\":{\"username\":\"joe\",\"password\":\"<redacted:password>\",\"auth\":\"<redacted:authorization>\"}}}"}`,
	},
	{"dockerconfig-auth-only", `{"auths":{"ghcr.io":{"auth":"<redacted:authorization>"}}}`},
	{"dockerconfig-base64", `.dockerconfigjson: <redacted:base64>`},
	{"ssh-spaces", `error in libcrypto: "<redacted:pem>": no key found`},
	{"pem-url-encoded", `POST x: key=<redacted:secret>`},
}
