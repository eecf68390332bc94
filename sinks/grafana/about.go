package grafana

// About is what an incident is about, as its annotation tells it: live and from history alike.
type About struct {
	Kind, Namespace, Name     string
	Cluster, Reason, Severity string // "" for none
}

// Title is the first line of the annotation.
func (a About) Title() string { return a.Kind + " " + a.Namespace + "/" + a.Name }

// Tags are what a dashboard selects annotations by.
func (a About) Tags() []string {
	var tags []string
	for _, t := range [][2]string{
		{"kind", a.Kind}, {"name", a.Name}, {"namespace", a.Namespace},
		{"cluster", a.Cluster}, {"reason", a.Reason}, {"severity", a.Severity},
	} {
		if t[1] != "" {
			tags = append(tags, t[0]+": "+t[1])
		}
	}
	return tags
}
