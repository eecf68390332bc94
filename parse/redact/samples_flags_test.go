package redact_test

// exactFlags are the rows of the samples of fixtures/secrets/flags.txtar.
var exactFlags = []exact{
	{
		"long",
		`exec: helm registry login r.example.com --username joe --password <redacted:password>: exit status 1`,
	},
	{
		"long-equals",
		`exec: flux create secret git x --username=joe --password=<redacted:password>: exit status 1`,
	},
	{"long-word", `exec: login --password <redacted:password> --host x: exit status 1`},
	{"long-quoted", `exec: login --password "<redacted:password>" --host x`},
	{"long-single", `exec: login --token '<redacted:token>' --host x`},
	{"token", `exec: vault login --token <redacted:secret>: exit status 2`},
	{"api-key", `exec: dd-agent --api-key <redacted:api-key>: exit status 2`},
	{"single-dash", `exec: tool -password <redacted:password> -v: exit status 2`},
	{"docker", `exec: docker login -u joe -p <redacted:password> r.example.com: exit status 1`},
	{"docker-word", `exec: docker login -u joe -p <redacted:password> r.example.com: exit status 1`},
	{"curl-u", `exec: curl -fsS -u <redacted:password> https://host/x: exit status 22`},
	{"curl-user", `exec: curl --user <redacted:password> https://host/x: exit status 22`},
	{"curl-user-quoted", `exec: curl -u "<redacted:password>" https://host/x: exit status 22`},
	{"curl-header", `exec: curl -H "Authorization: <redacted:authorization>" https://host/x: exit status 22`},
	{"curl-header-single", `exec: curl -H 'PRIVATE-TOKEN: <redacted:token>' https://host/x: exit status 22`},
	{"sshpass", `exec: sshpass -p <redacted:password> ssh deploy@host: exit status 5`},
	{
		"docker-password",
		`exec: kubectl create secret docker-registry r --docker-username=joe --docker-password=<redacted:password>: exit status 1`,
	},
	{"args-json", `{"error":"command [\"login\",\"--password\",\"<redacted:password>\"] failed"}`},
	{"args-go", `command ["login" "--token" "<redacted:token>"] failed`},
	{"powershell", `Connect-Service -User joe -Password "<redacted:password>"`},
	{"client-secret", `exec: az login --service-principal -u app -p <redacted:password> --tenant x`},
	{
		"git-config",
		`exec: git -c http.extraHeader="Authorization: <redacted:authorization>" fetch: exit status 128`,
	},
	{"git-askpass", `exec: GIT_PASSWORD=<redacted:password> git fetch: exit status 128`},
	{"mysqldump", `exec: mysqldump --user=root --password=<redacted:password> shop: exit status 2`},
	{"openssl", `exec: openssl enc -aes-256-cbc -k x -pass <redacted:password>: exit status 1`},
	{"ansible", `exec: ansible-playbook --extra-vars 'db_password=<redacted:password>': exit status 4`},
	{"args-json-p", `{"msg":"exec failed","args":["cosign","login","-u","bot","-p","<redacted:password>"]}`},
	{"args-list-p", `["helm","registry","login","r.example","-p", "<redacted:password>"]`},
}
