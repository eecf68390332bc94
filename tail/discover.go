package tail

// Discover turns paths into Sources.
func Discover(paths []string) ([]Source, []PathError) { return nil, nil }
