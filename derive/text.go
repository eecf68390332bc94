package derive

// notKept stands for the text of a line of evidence for which there was no room.
const notKept = "[not kept: too many objects fail at once; the line is in the log]"

// recountEvery is for how many lines without room it is not counted again what there is.
const recountEvery = 1000

// keepText returns what is kept of the text of a line: as much as Config.MaxText has room for. What
// incidents that ended kept counts until there is no room, and is counted again then.
func (e *Engine) keepText(text []byte) string {
	if e.textBytes >= e.cfg.MaxText {
		if e.refused%recountEvery == 0 {
			e.textBytes = e.countText()
		}
		e.refused++
	}
	if e.textBytes >= e.cfg.MaxText {
		return notKept
	}
	kept := e.texts.Excerpt(text)
	e.textBytes += len(kept)
	return kept
}

// countText is how many bytes the texts of open incidents' evidence take.
func (e *Engine) countText() (n int) {
	for _, o := range e.failing {
		for _, list := range [...][]Evidence{o.Incident.First, o.Incident.Latest} {
			for i := range list {
				if list[i].Text != notKept {
					n += len(list[i].Text)
				}
			}
		}
	}
	return n
}
