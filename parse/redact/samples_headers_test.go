package redact_test

// exactHeaders are the rows of the samples of fixtures/secrets/headers.txtar.
var exactHeaders = []exact{
	{"authorization-bearer", `> Authorization: <redacted:authorization>`},
	{"authorization-basic", `> Authorization: <redacted:authorization>`},
	{"authorization-word", `> Authorization: <redacted:authorization>`},
	{"authorization-geniekey", `> Authorization: <redacted:authorization>`},
	{"authorization-splunk", `> Authorization: <redacted:authorization>`},
	{"authorization-token", `> Authorization: <redacted:authorization>`},
	{"authorization-aws", `> Authorization: <redacted:authorization>`},
	{"authorization-digest", `> Proxy-Authorization: <redacted:authorization>`},
	{
		"authorization-json",
		`{"error":"headers map[Accept:[*/*] Authorization:[<redacted:authorization>]] sent"}`,
	},
	{"authorization-go", `http.Header{"Authorization":[]string{"Bearer <redacted:authorization>"}}`},
	{"authorization-lower", `headers: authorization=<redacted:authorization>`},
	{"authorization-quoted", `{"headers":{"Authorization":"<redacted:authorization>"}}`},
	{"apikey-scheme", `> Authorization: <redacted:authorization>`},
	{"cookie", `> Cookie: <redacted:cookie>`},
	{"set-cookie", `< Set-Cookie: <redacted:cookie>`},
	{"cookie-json", `{"error":"headers map[Cookie:[<redacted:cookie>]] sent"}`},
	{"session-cookie", `request with connect.sid=<redacted:session> refused`},
	{"x-api-key", `> X-API-Key: <redacted:api-key>`},
	{"x-auth-key", `> X-Auth-Key: <redacted:secret>`},
	{"x-auth-token", `> X-Auth-Token: <redacted:token>`},
	{"dd-api-key", `> DD-API-KEY: <redacted:api-key>`},
	{"x-csrf", `> X-CSRF-Token: <redacted:token>`},
	{"hub-signature", `> X-Hub-Signature-256: <redacted:signature>`},
	{
		"azure-sas",
		`GET https://acme.blob.core.windows.net/flux/x.tar.gz?sv=2022-11-02&sr=b&se=2026-01-01&sp=r&sig=<redacted:signature>: 403`,
	},
	{
		"azure-sas-escaped",
		`{"error":"GET https://acme.blob.core.windows.net/flux/x?sv=2022-11-02\u0026sp=r\u0026sig=<redacted:signature>: 403"}`,
	},
	{"azure-sas-token", `SharedAccessSignature sr=x&sig=<redacted:signature>&se=1`},
	{
		"amz-security-token",
		`GET https://s3.example.com/x?X-Amz-Credential=<redacted:signature>&X-Amz-Security-Token=<redacted:token>&X-Amz-Signature=<redacted:signature` +
			`>`,
	},
	{
		"goog-signature",
		`GET https://storage.googleapis.com/b/x?X-Goog-Credential=<redacted:secret>&X-Goog-Signature=<redacted:signature>: 403`,
	},
	{
		"cloudfront",
		`GET https://d1.cloudfront.net/x?Expires=1&Signature=<redacted:signature>&Key-Pair-Id=K2: 403`,
	},
	{"code", `GET https://fn.azurewebsites.net/api/x?code=<redacted:secret>: 401`},
	{
		"oauth-body",
		`oauth2: cannot fetch token: 400 Bad Request Response: {"refresh_token":"<redacted:token>","error":"invalid_grant"}`,
	},
	{
		"client-assertion",
		`POST token: client_id=x&client_secret=<redacted:secret>&grant_type=client_credentials: 401`,
	},
	{"private-token-query", `GET https://gitlab.example.com/api/v4/x?private_token=<redacted:token>: 401`},
	{"subscription-key", `> Ocp-Apim-Subscription-Key: <redacted:secret>`},
}
