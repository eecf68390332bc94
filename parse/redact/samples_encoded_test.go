package redact_test

// exactEncoded are the rows of the samples of fixtures/secrets/encoded.txtar.
var exactEncoded = []exact{
	{"password-pair", `refused <redacted:base64>`},
	{"yaml", `refused <redacted:base64>`},
	{"url", `refused <redacted:base64>`},
	{"dsn", `refused <redacted:base64>`},
	{"user-password", `refused <redacted:base64>`},
	{"docker", `refused <redacted:base64>`},
	{"pem", `refused <redacted:base64>`},
	{"github", `refused <redacted:base64>`},
	{"aws", `refused <redacted:base64>`},
	{"kubeconfig", `refused <redacted:base64>`},
	{"jwt", `refused <redacted:base64>`},
	{"json", `refused <redacted:base64>`},
	{"urlsafe", `refused <redacted:base64>`},
	{"in-json", `{"error":"illegal base64 data in <redacted:base64> at 7"}`},
	{"after-equals", `values=<redacted:base64>`},
	{"in-yaml", `{"error":"values.yaml: <redacted:base64>\n"}`},
	{"twice", `refused <redacted:base64>`},
	{"random-32-bytes", `refused <redacted:base64>`},
	{"gzip", `refused <redacted:base64>`},
}
