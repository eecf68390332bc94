package redact

// rule is one row of the table of secrets.
type rule struct {
	kind    string   // goes into the placeholder and is what is counted
	anchors []string // where to look; in lower case, of four bytes or more
	margin  int      // bytes at the end of each anchor that only limit it

	// find returns the secret at the anchor that stands from at to end, or nothing. It
	// must not tear a JSON escape apart nor reach over an unescaped quote of a line of
	// JSON, and it must keep the bounds that type text tells of.
	find func(t *text, at, end int) span
}

// rules returns the table.
func rules() []rule {
	all := append(namedRules(), tokenRules()...)
	return append(all, rule{kind: "secret", anchors: plusAnchors(all), find: plused})
}

// namedRules are the rows that are no shapes of tokens.
func namedRules() []rule {
	return []rule{
		{kind: "secret-data", anchors: []string{"data"}, find: dataBlock},
		{kind: "secret-data", anchors: []string{"[]byte{", "[]uint8{"}, find: byteLiteral},
		{kind: "secret-data", anchors: []string{"valueunstructured{value:", "got &{", `got \u0026{`}, find: typedValue},
		{kind: "secret-data", anchors: []string{"invalid value:"}, find: invalidValue},
		{kind: "secret-data", anchors: []string{"non-table value (", "not a table. (", "given: integer (", "given: string ("}, find: tableValue},
		{kind: "secret", anchors: []string{", got ", " but got ", "; got ", ": got "}, find: gotOrTold},
		{kind: "secret-data", anchors: []string{"byte of ...|", "context ...|"}, find: fragment},
		{kind: "secret", anchors: toldAnchors, find: toldValue},
		{kind: "secret", anchors: oddAnchors, find: oddlyTold},
		{kind: "secret", anchors: []string{`input"`, `input\`}, margin: 1, find: refusedInput},
		{kind: "secret", anchors: []string{"azure.net/secrets", "securestring"}, find: vaultValue},
		{kind: mask, anchors: maskAnchors(), find: masked},
		{kind: "hex", anchors: hexAnchors(), find: func(t *text, at, _ int) span { return hexed(t, at) }},
		{kind: "sops-value", anchors: []string{"input string "}, find: sops},
		{kind: "header-value", anchors: []string{"header field value"}, find: quotedText},
		{kind: "url-userinfo", anchors: []string{"invalid port"}, find: portText},
		{kind: "url-userinfo", anchors: cutURLs, find: cutUserinfo},
		{kind: "pem", anchors: []string{"-----begin"}, find: pem},
		{kind: "jwt", anchors: []string{".eyj"}, find: jwt},

		{kind: "authorization", anchors: []string{"authorization"}, find: header},
		{kind: "authorization", anchors: schemes, find: scheme},
		{kind: "cookie", anchors: []string{"cookie"}, find: header},
		{kind: "password", anchors: []string{"identified by ", "_password by "}, find: sqlPassword},
		{kind: "password", anchors: []string{".auth(", "auth=(", "basicauth(", "basic_auth(", "authenticate(", "bind("}, find: secondArgument},
		{kind: "password", anchors: []string{"login(", "userpassword("}, find: secondArgument},
		{kind: "password", anchors: []string{"requirepass ", "masterauth ", "auth default ", "redis auth ", "addauth digest ", "rocommunity ", "rwcommunity "}, find: directive},
		{kind: "password", anchors: []string{" on >", ` on \u003e`, "modifier '>", `modifier '\u003e`}, find: redisUser},
		{kind: "password", anchors: []string{"login ", "auth failed for ", "authenticate ", "authentication failed for ", "bind as ", "handshake for ", "sign in as ", "log in as ",
			"authenticating as ", "credentials: ", "credentials ", "401 for ", "403 for ", "denied for ", "unauthorized for "}, find: loginArgument},
		{kind: "password", anchors: []string{"ugfzc3dvcmq6"}, find: promptAnswer}, // "Password:" in base64
		{kind: "password", anchors: []string{"robot:", "robot$"}, find: robotToken},
		{kind: "secret", anchors: []string{"at <", `at \u003c`}, find: templateArguments},
		{kind: "password", anchors: []string{":5432:", ":5433:", ":6432:", "*:*:", ":*:*:"}, find: pgpass},
		{kind: "secret", anchors: toolAnchors, margin: 1, find: toolFlag},
		{kind: "secret", anchors: placeAnchors(), find: placed},
		{kind: "secret", anchors: []string{"echo ", "printf "}, find: piped},
		{kind: "secret", anchors: []string{"twilio", "mailgun", "mailchimp", "jenkins", "newrelic", "new relic"}, find: vendorKey},
		{kind: "token", anchors: []string{"::server:", "::node:"}, find: joinToken},
		{kind: "secret", anchors: []string{"private-mac: "}, find: sqlPassword},
		{kind: "nuget-key", anchors: []string{" oy2", "'oy2", `"oy2`, "=oy2", ":oy2", "(oy2", "\noy2"}, find: shortToken},
		{kind: "huggingface-token", anchors: []string{" hf_", "'hf_", `"hf_`, "=hf_", ":hf_", "(hf_", "/hf_", "\nhf_"}, find: shortToken},
		{kind: "password", anchors: []string{"mysql ", "mysqldump ", "mysqladmin ", "mariadb ", `mysql"`, `mysql\`, `mysqldump"`, `mysqldump\`, `mariadb"`, `mariadb\`}, find: attachedPassword},
		{kind: "password", anchors: []string{" -u ", "--user ", "--user=", "-user ", "creds ", "creds=", "--cert ", "p -a "}, find: userFlag},
		{kind: "password", anchors: []string{" -p ", " -p'", ` -p"`, " -a ", " -w ", `"-p"`, `"-p\`, "'-p'", `"-a"`, `"-a\`, "'-a'"}, find: passwordFlag},

		{kind: "secret", anchors: nameAnchors, find: pair},
		{kind: "secret", anchors: limited(shortNames...), margin: 1, find: pair},

		webhook("hooks.slack.com/services/", "hooks.slack.com/workflows/", "hooks.slack.com/triggers/", "hooks.slack-gov.com/services/",
			"/api/webhooks/", "webhook.office.com/", "outlook.office.com/webhook/", "telegram.org/bot", "hooks.zapier.com/hooks/",
			"pagerduty.com/integration/", "/with/key/", "make.com/", "hc-ping.com/", "/webhooks/incoming/", "victorops.com/integrations/",
			"/integrations/v1/", "/bot/v2/hook/"),
		{kind: "webhook", anchors: []string{"/hook/", "/hooks/", "/webhook/", "/webhooks/", "/incoming/", "/heartbeat/", "/api/push/", "/workflows/",
			"/reset/", "/invite/", "/verify/", "/activate/", "/login/", "/password/", "dl.cloudsmith.io/"}, find: webhookPath},
	}
}

// nameAnchors stand in names that tell of secrets.
var nameAnchors = []string{
	"passw", "passphr", "passcode", "passkey", "passord", "pswd", "kennw", "contrase", "senha", "wachtw", "parola", "hasło", "haslo",
	"heslo", "lösenord", "adgangsk", "salasana", "şifre", "пароль", "密码", "密碼", "口令", "パスワード", "비밀번호", "mot de passe",
	"motdepasse", "palavra-passe", "zugangs", "losung", "pass_phr", "pass-phr", "pass phr", "pass_word", "арол", "hasła", "hesla",
	"contrasin", "jelszó", "jelszo", "lozink", "parool", "slaptaž", "lykilor", "pasahitz", "mật khẩu", "kata sandi", "kata laluan", "ωδικ", "סיסמה",
	"كلمة المرور", "كلمة السر", "पासवर", "รหัส", "暗证码", "パスフ", "암호", "令牌", "密钥", "密鑰", "秘密鍵", "トーク", "토큰", "окен", "екрет",
	"token", "bearer", "jeton", "secret", "geheimnis", "credential", "apikey", "api_key", "api-key", "api key",
	"private_key", "privatekey", "private-key", "private key", "access_key", "accesskey", "access key", "access-key", "accountkey",
	"account_key", "sharedaccesssignature", "shared_key", "sharedkey", "encryptionkey", "encryption_key", "encryption key",
	"signingkey", "signing_key", "signing key", "routing_key", "routingkey", "routing key", "integration_key", "auth_key", "authkey",
	"master_key", "masterkey", "master key", "license", "licence",
	"sessionid", "session_id", "session-id", "session id", "phpsess", "jsess", "csrf", "xsrf", "connect.sid",
	"connectionstring", "connection_string", "connection string", "connstr", "conn_str", "x-amz-cred", "x-amz-sig", "x-goog-sig",
	"?code=", "&code=", "u0026code=", "storepass", "keypass", "authident", "keydata", "key-data", "key_data", "\"pw\"", "ｐａｓｓ", "ｔｏｋｅｎ", "ｓｅｃｒｅｔ",
	"salt", "seed", "hmac", "creds", "clave", "bindpw", "rootpw", "dbpw", "userpw", "adminpw", "session", "signature", "schlüssel", "llave", "chave", "chiave",
	"sleutel", "mnemonic", "pepper", "basic_auth", "community string", "snmp community", "recovery phr", "recovery_phr", "backup phr",
	"seed phr", "mnemonic phr", "community_string", "communitystring", "snmp_community", "snmpcommunity", "identifiants",
	"unseal key", "authtok", " pw=", "=pw=", ",pw=", "&pw=", "\"pw=", "'pw=", "npw=", "\npw=", "\npw:", " pw: ", "{pw:",
	"recovery code", "recovery_code", "recoverycode", "backup code", "backup_code", "backupcode", "activation code", "activation_code",
	"activationcode", "verification code", "verification_code", "verificationcode", "access_code", "accesscode", "pin_code", "pincode", "unlock code", "pairing code", "security code",
}

// shortNames are anchors only where the name ends, because longer words start as they do.
var shortNames = []string{
	"pwd", "psk", "pin", "otp", "totp", "jwt", "sid", "sig", "key", "keys", "clé", "sas", "mdp", "cred", "dsn", "_pw", "pat", "pass",
	"auth",
}

// limited returns each word with each of the characters that end names.
func limited(words ...string) []string {
	var anchors []string
	for _, w := range words {
		for _, end := range []string{"=", ":", `"`, "'", ">", "]", `\`, "%", " ", "\n", "+", "}", ")", ",", ";"} {
			anchors = append(anchors, w+end)
		}
	}
	return anchors
}
