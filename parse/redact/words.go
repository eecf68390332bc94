package redact

// nameTerms are the words of names that tell of secrets, in lower case, joined by "_".
func nameTerms() map[string]term {
	m := map[string]term{}
	add := func(means meaning, kind string, words ...string) {
		for _, w := range words {
			m[w] = term{means: means, kind: kind}
		}
	}
	add(password, "password", "mnemonic",
		"password", "passwords", "passwd", "passwds", "pwds", "passphrase", "passphrases", "passcode", "passkey", "pwd", "pass", "pw", "psk", "pswd", "passwrd", "dbpass",
		"userpass", "rootpass", "storepass", "keypass", "adminpass", "sshpass", "sqlpass", "bindpw", "rootpw", "userpw", "adminpw", "dbpw", "authtok",
		"passwort", "passwörter", "kennwort", "kennwörter", "contraseña", "contrasena", "contraseñas", "clave", "senha", "wachtwoord",
		"parola", "hasło", "haslo", "heslo", "lösenord", "passord", "adgangskode", "salasana", "şifre", "пароль", "密码", "密碼",
		"口令", "パスワード", "비밀번호", "mot_de_passe", "mdp", "palavra_passe", "losung", "zugangscode", "pass_phrase", "pass_word",
		"recovery_phrase", "seed_phrase", "backup_phrase", "mnemonic_phrase", "secret_phrase",
		"пароля", "паролем", "пароли", "парола", "hasła", "hasłem", "hesla", "contrasenya", "contrasinal", "jelszó", "jelszo", "lozinka",
		"lozinku", "parool", "parole", "slaptažodis", "lykilorð", "pasahitza", "mật_khẩu", "kata_sandi", "kata_laluan", "κωδικός",
		"סיסמה", "كلمة_المرور", "كلمة_السر", "पासवर्ड", "รหัสผ่าน", "şifresi", "parolası", "phrase_secrète", "wachtwoorden", "暗证码",
		"パスフレーズ", "暗号", "암호")
	add(password, "pin", "recovery_code", "recovery_codes", "backup_code", "backup_codes", "activation_code", "verification_code",
		"unlock_code", "access_code", "pairing_code", "one_time_code", "security_code", "confirmation_code", "puk", "pin", "otp", "totp", "mfa", "pin_code", "tan")
	add(token, "token", "token", "tokens", "jwt", "bearer", "jeton", "authtoken", "access_grant", "pat")
	add(token, "secret", "client_secret", "app_secret", "shared_secret", "consumer_secret", "webhook_secret", "signing_secret",
		"api_secret", "token_secret", "hmac_secret", "jwt_secret", "cookie_secret", "session_secret", "secret_access", "oauth_secret",
		"geheimnis", "master_secret", "令牌", "密钥", "密鑰", "秘密鍵", "トークン", "토큰", "токен", "токена", "ключ", "секрет", "zugangstoken",
		"secret_value", "secret_key_base", "secret_id", "secretid", "secret_binary", "bind_credentials", "secret_text", "secret_string",
		"private_key_id", "access_key_id", "community_string", "snmp_community", "unseal_key")
	add(object, "secret", "secret", "secrets", "secreto")
	for _, w := range []string{"credential", "credentials", "creds", "cred", "zugangsdaten", "login_data", "credenciales", "identifiants"} {
		m[w] = term{means: object, kind: "secret", credentials: true}
	}
	add(uncertain, "session", "session", "sessionid", "session_id", "sid", "sess", "jsessionid", "phpsessid", "csrf", "xsrf",
		"connect_sid")
	add(uncertain, "signature", "signature", "sig", "hmac", "sas", "x_amz_credential", "sharedaccesssignature")
	add(uncertain, "secret", "salt", "seed", "pepper", "code_verifier", "license", "licence")
	add(uncertain, "authorization", "auth", "basic_auth", "auth_ident")
	add(uncertain, "secret", "dsn", "connection_string", "connectionstring", "conn_str", "connstr", "code")
	add(uncertain, "api-key", "key", "keys", "schlüssel", "llave", "clé", "chave", "chiave", "sleutel")
	return m
}

// keyWords stand before key and make it one that is a secret.
var keyWords = []string{
	"api", "secret", "access", "private", "priv", "encryption", "encrypt", "decryption", "signing", "sign", "hmac", "aes", "master",
	"shared", "account", "storage", "license", "licence", "deploy", "session", "auth", "authentication", "integration", "routing",
	"service", "unseal", "root", "recovery", "app", "application", "consumer", "client", "webhook", "subscription", "sas", "jwt",
	"admin", "write", "read", "ingest", "insert", "ssh", "gpg", "pgp", "age", "bot", "wireguard",
	"preshared", "pre_shared", "symmetric", "cookie", "crypt", "crypto", "aws", "azure", "gcp", "google", "stripe", "datadog", "dd",
	"sendgrid", "mailgun", "openai", "anthropic", "new_relic", "newrelic", "nuget", "pagerduty", "opsgenie", "genie", "algolia", "twilio",
	"transit", "seal", "vault", "join", "tunnel", "sdk", "activation", "project", "product", "publishable", "ingestion", "team", "personal",
	"machine", "provisioning", "agent", "collector", "enrollment", "registration", "instrumentation", "rsa", "ecdsa", "ed25519", "x25519", "des", "fernet", "function", "site",
	"tls", "ssl",
}

// joined are terms that end words without a mark before them: dbpassword, authtoken.
var joined = []struct {
	end string
	term
}{
	{"password", term{means: password, kind: "password"}}, {"passwd", term{means: password, kind: "password"}}, {"passphrase", term{means: password, kind: "password"}},
	{"passwort", term{means: password, kind: "password"}}, {"pwd", term{means: password, kind: "password"}}, {"token", term{means: token, kind: "token"}},
	{"apikey", term{means: token, kind: "api-key"}}, {"secretkey", term{means: token, kind: "secret"}}, {"accesskey", term{means: token, kind: "secret"}},
	{"accountkey", term{means: token, kind: "secret"}}, {"privatekey", term{means: token, kind: "secret"}}, {"signingkey", term{means: token, kind: "secret"}},
	{"encryptionkey", term{means: token, kind: "secret"}}, {"sharedaccesskey", term{means: token, kind: "secret"}}, {"sharedkey", term{means: token, kind: "secret"}},
	{"hmackey", term{means: token, kind: "secret"}},
	{"masterkey", term{means: token, kind: "secret"}}, {"authkey", term{means: token, kind: "secret"}}, {"clientsecret", term{means: token, kind: "secret"}},
	{"kennwort", term{means: password, kind: "password"}}, {"wachtwoord", term{means: password, kind: "password"}},
	{"lösenord", term{means: password, kind: "password"}},
	{"密码", term{means: password, kind: "password"}}, {"密碼", term{means: password, kind: "password"}}, {"口令", term{means: password, kind: "password"}},
	{"パスワード", term{means: password, kind: "password"}}, {"비밀번호", term{means: password, kind: "password"}},
	{"密钥", term{means: token, kind: "secret"}}, {"令牌", term{means: token, kind: "token"}}, {"トークン", term{means: token, kind: "token"}},
	{"pass", term{means: password, kind: "password"}},
	{"secret", term{means: object, kind: "secret"}}, {"credentials", term{means: object, kind: "secret"}},
}

// noPass are words that end in pass and are no passwords.
var noPass = []string{"bypass", "compass", "encompass", "trespass", "surpass", "overpass", "underpass", "pass", "firstpass", "allpass", "multipass", "pgpass", "askpass"}

// besides are words that may follow a term in a name without changing what it tells.
var besides = []string{
	"value", "values", "text", "plain", "plaintext", "raw", "hash", "hashed", "base64", "b64", "string", "str", "data", "new", "old",
	"current", "provided", "previous", "prev", "enc", "encrypted", "encoded", "v", "private", "prod", "dev", "test", "staging", "live", "default", "primary",
	"secondary", "code", "confirmation", "confirm", "again", "repeat", "base", "material", "bytes", "salt", "header", "content",
}
