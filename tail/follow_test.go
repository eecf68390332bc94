package tail

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"fluxtrail/tail/discover"
)

var (
	kcPod = strings.TrimSuffix(kcDir, "/manager")
	long  = strings.Repeat("0123456789", 200)
)

// dockerLog is a log as Docker names it.
const dockerLog = "docker/0123456789abcdef/0123456789abcdef-json.log"

// dockerRotates has Docker, which keeps one file of a log beside the one it writes to, rotate three
// times between two looks: of the files before the last nobody sees one.
const dockerRotates = `
		write ` + dockerLog + ` {"log":"L1\n","stream":"stdout","time":"2026-11-20T10:22:51Z"}
		ln ` + dockerLog + ` pods/` + kcDir + `/0.log
		start
		expect L1
		mv ` + dockerLog + ` ` + dockerLog + `.1
		write ` + dockerLog + ` {"log":"L2\n","stream":"stdout","time":"2026-11-20T10:22:52Z"}
		mv ` + dockerLog + ` ` + dockerLog + `.1
		write ` + dockerLog + ` {"log":"L3\n","stream":"stdout","time":"2026-11-20T10:22:53Z"}
		mv ` + dockerLog + ` ` + dockerLog + `.1
		write ` + dockerLog + ` {"log":"L4\n","stream":"stdout","time":"2026-11-20T10:22:54Z"}
		expect L3 L4`

// followTests are named after what they show. Each is a script: see world.step.
var followTests = []struct{ name, script string }{
	{"a mark of which all rotations are gone", `
		include .
		write ` + kcDir + `/0.log L1
		start
		expect L1
		stop
		rm ` + kcDir + `/0.log
		write ` + kcDir + `/0.log.20261120-102205 L5
		write ` + kcDir + `/0.log L6
		start
		expect L5 L6
		loss deleted 0
		noloss`},
	{"a mark of an empty file of which all rotations are gone", `
		include .
		write ` + kcDir + `/0.log L1
		start
		expect L1
		mv ` + kcDir + `/0.log ` + kcDir + `/0.log.20261120-102200
		mk ` + kcDir + `/0.log
		poll 12
		read
		stop
		rm ` + kcDir + `/0.log.20261120-102200
		rm ` + kcDir + `/0.log
		write ` + kcDir + `/0.log.20261120-102205 L5
		write ` + kcDir + `/0.log L6
		start
		expect L5 L6
		loss deleted 0
		noloss`},
	{"an empty log of a container that was restarted", `
		include .
		mk ` + kcDir + `/0.log
		start
		expect
		stop
		rm ` + kcDir + `/0.log
		write ` + kcDir + `/1.log L5
		start
		expect L5
		noloss`},
	{"existing lines, from the beginning", `
		write a.log L1 L2
		start
		expect L1 L2
		offset a.log 6
		noloss`},
	{"existing lines, from the end", `
		write a.log L1
		from end
		start
		expect
		loss skipped 3
		write a.log L2
		expect L2`},
	{"from the end, an unfinished line is delivered whole", `
		write a.log L1
		partial a.log he
		from end
		start
		expect
		write a.log llo
		expect hello`},
	{"files born after the start are read from 0", `
		from end
		start
		expect
		write a.log L1
		expect L1
		noloss`},
	{"from the end is for the first start only", `
		from end
		write a.log L1
		start
		expect
		stop
		write b.log L2
		write a.log L3
		start
		expect L3 L2`},
	{"missing directory at the start", `
		include none/deep/*.log
		start
		expect
		error none
		write none/deep/a.log L1
		expect L1`},
	{"missing file at the start", `
		include a.log
		start
		expect
		write a.log L1
		expect L1`},
	{"excluded", `
		write a.log L1
		write b.log L2
		exclude b*
		start
		expect L1`},
	{"old rotations first", `
		write a.log L4
		write a.log.1 L3
		write a.log.2 L2
		write a.log.10 L1
		start
		expect L1 L2 L3 L4`},
	{"overlapping patterns", `
		write a.log L1
		include *.log a* a.log
		start
		expect L1`},
	{"hard link", `
		write a.log L1
		link a.log b.log
		start
		expect L1
		write b.log L2
		expect L2`},
	{"five lines in one write, then none", `
		start
		write a.log L1 L2 L3 L4 L5
		expect L1 L2 L3 L4 L5
		expect
		offset a.log 15`},
	{"a line in two writes", `
		start
		partial a.log he
		expect
		write a.log llo
		expect hello`},
	{"unfinished line over a restart", `
		start
		write a.log L1
		partial a.log he
		expect L1
		offset a.log 3
		stop
		write a.log llo
		start
		expect hello`},
	{"unfinished line, then removed", `
		start
		partial a.log he
		expect
		rm a.log
		expect he~
		open 0`},
	{"rotation by rename", `
		start
		write a.log L1
		expect L1
		mv a.log a.log.1
		write a.log L2
		expect L2
		offset a.log 3
		offset a.log.1 3`},
	{"late write to the rotated file", `
		start
		write a.log L1
		expect L1
		mv a.log a.log.1
		write a.log L3
		poll
		read
		write a.log.1 L2
		expect L2 L3`},
	{"unfinished end of a rotated file", `
		start
		partial a.log L1
		expect
		mv a.log a.log.1
		write a.log L2
		expect L1~ L2`},
	{"the new file comes five seconds later", `
		start
		write a.log L1
		expect L1
		mv a.log a.log.1
		wait 5s
		error none
		write a.log.1 L2
		expect L2
		write a.log L3
		expect L3
		noloss`},
	{"the new file is empty for a while", `
		start
		write a.log L1
		expect L1
		mv a.log a.log.1
		mk a.log
		wait 3s
		write a.log L2
		expect L2
		noloss`},
	{"five rotations between two polls", `
		start
		write a.log L1
		expect L1
		write a.log L2
		mv a.log a.log.5
		write a.log.4 L3
		write a.log.3 L4
		write a.log.2 L5
		write a.log.1 L6
		write a.log L7
		expect L2 L3 L4 L5 L6 L7
		noloss`},
	{"rotated out of sight, then appended", `
		include *.log
		mkdir old
		start
		write a.log L1
		expect L1
		mv a.log old/x
		write old/x L2
		write a.log L3
		expect L2 L3`},
	{"very late write to a rotated file", `
		start
		write a.log L1
		expect L1
		mv a.log a.log.1
		write a.log L2
		expect L2
		write a.log.1 L3
		wait 11s
		expect L3
		write a.log L4
		expect L4
		noloss`},
	{"atomic replace, same beginning and more", `
		start
		write a.log L1 L2
		expect L1 L2
		cp a.log new.tmp
		write new.tmp L3
		mv new.tmp a.log
		expect L3
		write a.log L4
		expect L4
		noloss`},
	{"atomic replace, other content", `
		start
		write a.log L1 L2
		expect L1 L2
		write new.tmp M1 M2 M3
		mv new.tmp a.log
		expect M1 M2 M3
		noloss`},
	{"truncated", `
		start
		write a.log L1 L2
		expect L1 L2
		trunc a.log 0
		write a.log L3
		expect L3
		maybe 1
		noloss`},
	{"copied and truncated between two looks, with a line between", `
		start
		write a.log L1 L2
		expect L1 L2
		cp a.log a.log.1
		write a.log L3
		trunc a.log 0
		write a.log L4
		expect L4
		maybe 1
		noloss`},
	{"copied, seen, and truncated, with a line between", `
		start
		write a.log L1 L2
		expect L1 L2
		cp a.log a.log.1
		poll
		write a.log L3
		trunc a.log 0
		write a.log L4
		expect L4
		maybe 1
		noloss`},
	{"copied and truncated between two looks, nothing written since", `
		start
		write a.log L1 L2
		expect L1 L2
		cp a.log a.log.1
		write a.log L3
		trunc a.log 0
		poll
		write a.log L4
		expect L4
		maybe 1
		noloss`},
	{"copied while nobody looked, seen with the truncated file", `
		start
		write a.log L1 L2
		expect L1 L2
		cp a.log a.log.1
		write a.log L3
		trunc a.log 0
		write a.log L4 L5 L6 L7 L8 L9
		expect L4 L5 L6 L7 L8 L9
		maybe 1
		noloss`},
	{"gone while nobody followed, and read further than it was delivered", `
		include *.log
		mkdir elsewhere
		write a.log ` + longLines + `
		start
		poll
		next
		save
		kill
		mv a.log elsewhere/a
		write a.log M1
		start
		poll
		next
		poll 12
		save
		kill
		start
		expect ` + longLines[:66] + ` M1
		loss deleted 1943`},
	{"left out by the configuration for a while", `
		write a.log L1 L2
		write b.log M1
		start
		expect L1 L2 M1
		stop
		exclude a.log
		start
		write a.log L3
		write b.log M2
		expect M2
		wait 20s
		noloss
		stop
		exclude
		start
		expect L3
		noloss`},
	{"left out, and gone", `
		write a.log L1 L2
		start
		expect L1 L2
		stop
		exclude a.log
		write a.log L3
		write b.log M1
		rm a.log
		start
		expect M1
		wait 10m
		tracks 1`},
	{"truncated after a pause", `
		start
		write a.log L1 L2
		expect L1 L2
		wait 11s
		poll
		trunc a.log 0
		write a.log L3
		expect L3
		maybe 0
		noloss`},
	{"a log that comes and goes between two looks", `
		include .
		start
		mk ` + kcDir + `/0.log
		expect
		write other/manager/0.log L1
		rm other
		mkdir x_y_z
		poll
		write x_y_z/manager/0.log L1
		rm x_y_z
		poll
		loss vanished 0 1
		noloss`},
	{"rotations of which one comes and goes between two looks", `
		include .
		start
		write ` + kcDir + `/0.log L1
		expect L1
		mv ` + kcDir + `/0.log ` + kcDir + `/0.log.20261120-102200
		write ` + kcDir + `/0.log L2
		mv ` + kcDir + `/0.log ` + kcDir + `/0.log.20261120-102201
		write ` + kcDir + `/0.log L3
		rm ` + kcDir + `/0.log.20261120-102201
		expect L3
		loss vanished 0 1
		rm ` + kcDir + `/0.log.20261120-102200
		rm ` + kcDir + `/0.log
		poll 3
		noloss`},
	{"a rotation that is compressed between two looks", `
		include .
		start
		write ` + kcDir + `/0.log L1
		expect L1
		mv ` + kcDir + `/0.log ` + kcDir + `/0.log.20261120-102200
		write ` + kcDir + `/0.log L2
		mv ` + kcDir + `/0.log ` + kcDir + `/0.log.20261120-102201
		write ` + kcDir + `/0.log L3
		gz ` + kcDir + `/0.log.20261120-102200
		gz ` + kcDir + `/0.log.20261120-102201
		expect L2 L3
		noloss
		rm ` + kcDir + `/0.log.20261120-102201.gz
		poll 3
		noloss`},
	{"a rotation that is compressed and deleted between two looks", `
		include .
		start
		write ` + kcDir + `/0.log L1
		expect L1
		mv ` + kcDir + `/0.log ` + kcDir + `/0.log.20261120-102200
		write ` + kcDir + `/0.log L2
		mv ` + kcDir + `/0.log ` + kcDir + `/0.log.20261120-102201
		write ` + kcDir + `/0.log L3
		gz ` + kcDir + `/0.log.20261120-102201
		rm ` + kcDir + `/0.log.20261120-102201.gz
		expect L3
		loss vanished 0 1
		noloss`},
	{"rotations that come and go where nothing tells of them", `
		include .
		unwatched
		start
		write ` + kcDir + `/0.log L1
		expect L1
		mv ` + kcDir + `/0.log ` + kcDir + `/0.log.20261120-102200
		write ` + kcDir + `/0.log L2
		mv ` + kcDir + `/0.log ` + kcDir + `/0.log.20261120-102201
		rm ` + kcDir + `/0.log.20261120-102200
		write ` + kcDir + `/0.log L3
		rm ` + kcDir + `/0.log.20261120-102201
		poll
		loss vanished 0 0
		noloss
		expect L3
		mv ` + kcDir + `/0.log ` + kcDir + `/0.log.20261120-102202
		write ` + kcDir + `/0.log L4
		mv ` + kcDir + `/0.log ` + kcDir + `/0.log.20261120-102203
		write ` + kcDir + `/0.log L5
		expect L4 L5
		rm ` + kcDir + `/0.log.20261120-102202
		rm ` + kcDir + `/0.log.20261120-102203
		rm ` + kcDir + `/0.log
		poll 3
		noloss
		write ` + kcDir + `/0.log L6
		expect L6
		mv ` + kcDir + `/0.log ` + kcDir + `/0.log.20261120-102204
		write ` + kcDir + `/0.log L7
		mv ` + kcDir + `/0.log ` + kcDir + `/0.log.20261120-102205
		write ` + kcDir + `/0.log L8
		rm ` + kcDir + `/0.log.20261120-102204
		expect L7 L8
		loss vanished 0 0
		noloss`},
	{"text files that are replaced and rotated where nothing tells of them", `
		unwatched
		start
		write a.log L1
		expect L1
		write b.log.tmp L2
		mv b.log.tmp a.log
		expect L2
		noloss
		mv a.log a.log.1
		write a.log L3
		rm a.log.1
		mv a.log a.log.1
		write a.log L4
		expect L3 L4
		loss vanished 0 0
		noloss`},
	{"rotations by Docker of which one comes and goes between two looks", `
		include pods` + dockerRotates + `
		loss vanished 0 1
		noloss`},
	{"rotations by Docker where nothing tells of them", `
		include pods
		unwatched` + dockerRotates + `
		loss vanished 0 0
		noloss`},
	{"rotations of a text file of which one comes and goes between two looks", `
		start
		write a.log L1
		expect L1
		mv a.log a.log.1
		write a.log L2
		mv a.log a.log.1
		write a.log L3
		mv a.log a.log.1
		write a.log L4
		write b.log L5
		rm b.log
		expect L3 L4
		loss vanished 0 1
		noloss`},
	{"restarts of which the logs are gone when the agent comes back", `
		include .
		write ` + kcDir + `/0.log L1
		start
		expect L1
		stop
		write ` + kcDir + `/3.log L4
		write ` + kcDir + `/4.log L5
		rm ` + kcDir + `/0.log
		start
		expect L4 L5
		loss vanished 0 2
		loss deleted 0
		noloss`},
	{"restarts of which no log is gone when the agent comes back", `
		include .
		write ` + kcDir + `/2.log L1
		start
		expect L1
		stop
		write ` + kcDir + `/3.log L2
		write ` + kcDir + `/4.log L3
		start
		expect L2 L3
		noloss`},
	{"what was rotated long ago is complete at once", `
		write a.log.1 L1
		write a.log L2
		touch 2001 a.log.1
		start
		poll
		now L1 L2
		offset a.log 3`},
	{"what was rotated a moment ago may still be written to", `
		write a.log.1 L1
		write a.log L2
		start
		poll
		now L1
		expect L2`},
	{"found first while it is being compressed", `
		include .
		write ` + kcDir + `/0.log.20261120-102200 L1 L2
		cp ` + kcDir + `/0.log.20261120-102200 ` + kcDir + `/x
		gz ` + kcDir + `/0.log.20261120-102200
		mv ` + kcDir + `/x ` + kcDir + `/0.log.20261120-102200
		write ` + kcDir + `/0.log L3
		start
		expect L1 L2 L3
		rm ` + kcDir + `/0.log.20261120-102200
		expect
		stop
		start
		expect
		noloss`},
	{"a text file found first while it is being compressed", `
		write a.log.1 L1 L2
		cp a.log.1 x
		gz a.log.1
		mv x a.log.1
		write a.log L3
		start
		expect L1 L2 L3
		rm a.log.1
		expect
		noloss`},
	{"copied and truncated while idle", `
		start
		write a.log L1 L2
		expect L1 L2
		ct a.log
		expect
		write a.log L3
		expect L3
		noloss
		tracks 2`},
	{"copied and truncated with unread lines", `
		start
		write a.log L1
		expect L1
		write a.log L2
		poll
		write a.log L3
		ct a.log
		write a.log L4
		expect L2 L3 L4
		noloss`},
	{"copied, and much later truncated", `
		start
		write a.log L1 L2
		expect L1 L2
		cp a.log a.log.1
		expect
		write a.log L3
		expect L3
		cp a.log a.log.1
		trunc a.log 0
		write a.log L4
		expect L4
		noloss`},
	{"a copy is being written", `
		start
		write a.log L1 L2
		expect L1 L2
		mk a.log.1
		poll
		read
		write a.log.1 L1
		poll
		read
		write a.log.1 L2
		poll
		read
		trunc a.log 0
		write a.log L3
		expect L3
		noloss
		tracks 2`},
	{"truncated and grown beyond the old end between two polls", `
		start
		write a.log L1 L2
		expect L1 L2
		trunc a.log 0
		write a.log M1 M2 M3 M4
		expect M1 M2 M3 M4
		noloss`},
	{"truncated and grown, same first line", `
		start
		write a.log banner L1
		expect banner L1
		trunc a.log 0
		write a.log banner M1 M2
		expect banner M1 M2
		noloss`},
	{"the writer kept its position over the truncation", `
		start
		write a.log L1 L2
		expect L1 L2
		trunc a.log 0
		trunc a.log 6
		write a.log L3
		expect L3
		offset a.log 9`},
	{"truncated while nothing is read", `
		start
		write a.log L1
		expect L1
		write a.log L2
		poll
		trunc a.log 0
		poll
		write a.log L3
		expect L3
		loss truncated 3
		noloss`},
	{"copied and truncated, both written", `
		start
		write a.log L1
		expect L1
		ct a.log
		write a.log.1 L2
		write a.log L3
		expect L2 L3
		write a.log L4
		expect L4
		noloss`},
	{"cut back to less than was read", `
		start
		write a.log L1 L2 L3
		expect L1 L2 L3
		trunc a.log 3
		write a.log L4
		expect L1 L4
		expect`},
	{"cut back to what was read", `
		start
		write a.log L1
		expect L1
		write a.log L2
		poll
		trunc a.log 3
		write a.log L3
		expect L3
		noloss`},
	{"removed while reading is behind", `
		start
		write a.log L1
		poll
		rm a.log
		poll 20
		expect L1
		open 0
		noloss`},
	{"removed and created again", `
		start
		write a.log L1
		expect L1
		rm a.log
		write a.log L2 L3
		expect L2 L3
		noloss`},
	{"removed, forgotten, and created again", `
		start
		write a.log L1
		expect L1
		rm a.log
		expect
		tracks 1
		wait 6m
		tracks 0
		write a.log L1
		expect L1
		noloss`},
	{"symlink to what is not there yet", `
		ln there/x a.log
		start
		expect
		write there/x L1
		expect L1`},
	{"symlink loop", `
		ln b.log a.log
		ln a.log b.log
		write c.log L1
		start
		expect L1
		error too many`},
	{"symlink to another file", `
		write there/x L1
		ln there/x a.log
		start
		expect L1
		write there/x L2
		write there/y L3
		ln there/y a.log
		expect L2 L3
		write there/y L4
		expect L4
		noloss`},
	{"a legacy symlink stands for its container", `
		include containers
		cri P/0.log stdout F L1
		ln P/0.log containers/web.log
		start
		expect L1
		mv P/0.log P/0.log.20261120-102254
		cri P/0.log stdout F L2
		expect L2
		cri P/1.log stdout F L3
		ln P/1.log containers/web.log
		cri P/0.log stdout F L4
		expect L4 L3
		noloss`},
	{"container restart", `
		start
		cri P/0.log stdout F L1
		expect L1
		cri P/0.log stdout F L2
		cri P/1.log stdout F L3
		expect L2 L3
		rm P/0.log
		cri P/1.log stdout F L4
		expect L4
		noloss`},
	{"compressed and never read, before the live file", `
		write a.log L3
		write a.log.1 L2
		write a.log.2 L1
		gz a.log.2
		start
		expect L1 L2 L3`},
	{"read, then compressed", `
		start
		cri P/0.log stdout F L1
		expect L1
		mv P/0.log P/0.log.20261120-102254
		cri P/0.log stdout F L2
		expect L2
		gz P/0.log.20261120-102254
		expect
		tracks 2
		stop
		start
		expect
		noloss`},
	{"compressed while the plain file is still open", `
		start
		write a.log L1
		poll
		mv a.log a.log.1
		write a.log L2
		gz a.log.1
		poll 4
		expect L1 L2
		tracks 2
		stop
		start
		expect
		noloss`},
	{"half read, stopped, compressed", `
		start
		write a.log L1
		expect L1
		stop
		write a.log L2
		mv a.log a.log.1
		gz a.log.1
		write a.log L3
		start
		expect L2 L3
		noloss`},
	{"half written compression", `
		write a.log.1.gz.tmp garbage
		write a.log L1
		start
		expect L1
		write a.log.2 L0
		gz a.log.2
		expect L0`},
	{"restart", `
		start
		write a.log L1
		expect L1
		stop
		write a.log L2
		start
		expect L2
		stop
		start
		expect
		offset a.log 6`},
	{"killed: again from the saved marks", `
		start
		write a.log L1
		expect L1
		save
		write a.log L2
		expect L2
		kill
		write a.log L3
		start
		expect L2 L3`},
	{"rotated while down", `
		start
		write a.log L1
		expect L1
		stop
		write a.log L2
		mv a.log a.log.1
		write a.log L3
		start
		expect L2 L3
		noloss`},
	{"three rotations and compression while down", `
		start
		write a.log L1
		expect L1
		stop
		write a.log L2
		mv a.log a.log.3
		gz a.log.3
		write a.log.2 L3
		write a.log.1 L4
		write a.log L5
		start
		expect L2 L3 L4 L5
		noloss`},
	{"kubelet rotations and compression while down", `
		start
		cri P/0.log stdout F L1
		expect L1
		stop
		cri P/0.log stdout F L2
		mv P/0.log P/0.log.20261120-100000
		gz P/0.log.20261120-100000
		cri P/0.log.20261120-110000 stdout F L3
		gz P/0.log.20261120-110000
		cri P/0.log.20261120-120000 stdout F L4
		cri P/0.log stdout F L5
		cri P/1.log stdout F L6
		start
		expect L2 L3 L4 L5 L6
		noloss`},
	{"copied and truncated while down, shorter", `
		start
		write a.log L1
		expect L1
		stop
		write a.log L2
		ct a.log
		write a.log M
		start
		expect L2 M
		noloss`},
	{"truncated while down, shorter", `
		start
		write a.log L1 L2
		expect L1 L2
		stop
		trunc a.log 0
		write a.log L3
		start
		expect L3
		loss deleted 0
		noloss`},
	{"truncated while down, grown beyond", `
		start
		write a.log L1 L2
		expect L1 L2
		stop
		trunc a.log 0
		write a.log M1 M2 M3
		start
		expect M1 M2 M3
		loss deleted 0
		noloss`},
	{"removed while down", `
		start
		write a.log L1
		write b.log L2
		expect L1 L2
		stop
		rm a.log
		start
		expect
		error none
		noloss
		wait 6m
		tracks 1`},
	{"removed while down with lines that were seen", `
		start
		write a.log L1
		expect L1
		write a.log L2
		poll
		stop
		rm a.log
		start
		expect
		loss deleted 3`},
	{"removed while down, and a younger one is there", `
		start
		cri P/0.log stdout F L1
		expect L1
		stop
		rm P/0.log
		cri P/0.log stdout F L9
		start
		expect L9
		loss deleted 0`},
	{"the directory comes back", `
		start
		cri P/0.log stdout F L1
		expect L1
		mv ` + kcPod + ` /../away
		wait 30s
		mv /../away ` + kcPod + `
		cri P/0.log stdout F L2
		expect L2
		noloss`},
	{"two files with the same beginning", `
		start
		write a.log same same
		write b.log same same L2
		expect same same same same L2`},
	{"grows byte by byte", `
		start
		partial a.log a
		poll
		read
		partial a.log b
		poll
		read
		stop
		start
		partial a.log c
		poll
		read
		write a.log d
		expect abcd
		noloss`},
	{"a full record", `
		start
		cri P/0.log stdout F x
		expect x`},
	{"pieces of a record", `
		start
		cri P/0.log stdout P a
		cri P/0.log stdout P b
		expect
		cri P/0.log stdout F c
		expect abc`},
	{"pieces of two streams", `
		start
		cri P/0.log stdout P a
		cri P/0.log stderr F x
		expect x
		cri P/0.log stdout F b
		expect ab`},
	{"the rest of a record does not come", `
		start
		cri P/0.log stdout P a
		expect
		wait 11s
		expect a~
		cri P/0.log stdout F b
		expect b
		noloss`},
	{"the container ends within a record", `
		start
		cri P/0.log stdout P a
		expect
		rm ` + kcPod + `
		expect
		open 0
		wait 11s
		expect a~
		noloss`},
	{"rotation within a record", `
		start
		cri P/0.log stdout P a
		expect
		mv P/0.log P/0.log.20261120-102254
		cri P/0.log stdout F b
		expect ab
		noloss`},
	{"a restart of the container ends a record", `
		start
		cri P/0.log stdout P a
		expect
		cri P/1.log stdout F b
		expect a~ b`},
	{"killed within a record", `
		start
		cri P/0.log stdout P a
		cri P/0.log stdout P b
		expect
		save
		kill
		cri P/0.log stdout F c
		start
		expect abc
		stop
		start
		expect`},
	{"stopped within a record, with lines of the other stream behind its beginning", `
		start
		cri P/0.log stderr F x
		cri P/0.log stdout P a
		cri P/0.log stderr F y
		cri P/0.log stdout P b
		cri P/0.log stderr F z
		expect x y z
		stop
		cri P/0.log stderr F t
		cri P/0.log stdout F c
		start
		expect t abc
		noloss`},
	{"stopped within a record that began before a rotation", `
		start
		cri P/0.log stdout P a
		mv P/0.log P/0.log.20261120-102254
		cri P/0.log stderr F x
		cri P/0.log stdout P b
		expect x
		stop
		gz P/0.log.20261120-102254
		cri P/0.log stdout F c
		start
		expect abc
		noloss`},
	{"stopped within a record that began in a compressed rotation", `
		cri P/0.log.20261120-102254 stdout F x
		cri P/0.log.20261120-102254 stdout P a
		gz P/0.log.20261120-102254
		mk P/0.log
		start
		expect x
		cri P/0.log stdout F b
		stop
		start
		expect ab
		noloss`},
	{"Docker's files, behind a symlink, rotated by Docker", `
		include pods
		write docker/0123456789abcdef/0123456789abcdef-json.log {"log":"L1\n","stream":"stdout","time":"2026-11-20T10:22:54Z"}
		ln docker/0123456789abcdef/0123456789abcdef-json.log pods/` + kcDir + `/0.log
		start
		expect L1
		write docker/0123456789abcdef/0123456789abcdef-json.log {"log":"he","stream":"stdout","time":"2026-11-20T10:22:54Z"}
		mv docker/0123456789abcdef/0123456789abcdef-json.log docker/0123456789abcdef/0123456789abcdef-json.log.1
		write docker/0123456789abcdef/0123456789abcdef-json.log {"log":"llo\n","stream":"stdout","time":"2026-11-20T10:22:54Z"}
		expect hello
		stop
		write docker/0123456789abcdef/0123456789abcdef-json.log {"log":"L3\n","stream":"stdout","time":"2026-11-20T10:22:54Z"}
		mv docker/0123456789abcdef/0123456789abcdef-json.log.1 docker/0123456789abcdef/0123456789abcdef-json.log.2
		gz docker/0123456789abcdef/0123456789abcdef-json.log.2
		mv docker/0123456789abcdef/0123456789abcdef-json.log docker/0123456789abcdef/0123456789abcdef-json.log.1
		write docker/0123456789abcdef/0123456789abcdef-json.log {"log":"L4\n","stream":"stdout","time":"2026-11-20T10:22:54Z"}
		start
		expect L3 L4
		noloss`},
	{"copied, written once more, then cut short", `
		start
		write a.log L1 L2
		expect L1 L2
		cp a.log a.log.1
		poll
		write a.log L3
		expect L3
		trunc a.log 0
		poll
		write a.log L4
		expect L4
		noloss`},
	{"copied, written once more without being read, then cut short", `
		start
		write a.log L1 L2
		expect L1 L2
		cp a.log a.log.1
		poll
		write a.log L3
		poll
		trunc a.log 0
		poll
		write a.log L4
		expect L4
		loss truncated 3`},
	{"copied and written before anything was read, then cut short", `
		start
		write a.log L1 L2
		poll
		cp a.log a.log.1
		poll
		write a.log L3
		poll
		trunc a.log 0
		write a.log L4
		expect L1 L2 L4
		loss truncated 3`},
	{"copied, written once more, compressed, cut short", `
		start
		write a.log L1 L2
		expect L1 L2
		cp a.log a.log.1
		poll
		write a.log L3
		expect L3
		gz a.log.1
		trunc a.log 0
		poll
		write a.log L4
		expect L4
		noloss`},
	{"copied and written once more, cut short while down", `
		start
		write a.log L1 L2
		expect L1 L2
		cp a.log a.log.1
		poll
		write a.log L3
		expect L3
		stop
		trunc a.log 0
		write a.log L4
		start
		expect L4
		loss deleted 0`},
	{"what is shorter than what was read but other text is no copy", `
		start
		write a.log L1 L2
		expect L1 L2
		write a.log L3
		expect L3
		trunc a.log 0
		write a.log.1 L1 L5
		expect L1 L5
		noloss`},
	{"a short-lived pod", `
		start
		cri P/0.log stdout F L1
		poll
		rm ` + kcPod + `
		poll
		expect L1
		open 0
		noloss`},
	{"restarted twenty times without news", `
		start
		cri P/0.log stdout F L1
		write a.log L2
		mv a.log a.log.1
		gz a.log.1
		write a.log L3
		expect L2 L3 L1
		` + strings.Repeat("stop\nstart\nexpect\n", 20) + `
		noloss`},
	{"not delivered, then killed", `
		start
		write a.log L1 L2 L3
		poll
		save
		kill
		start
		expect L1 L2 L3
		kill
		start
		expect L1 L2 L3`},
	{"state with a rotation that is gone, over and over", `
		start
		cri P/0.log stdout F L1
		expect L1
		mv P/0.log P/0.log.20261120-102254
		cri P/0.log stdout F L2
		expect L2
		stop
		rm P/0.log.20261120-102254
		start
		expect
		stop
		start
		expect
		wait 6m
		tracks 1
		noloss`},
	{"byte order mark", `
		start
		partial a.log \xef\xbb\xbf
		poll
		read
		write a.log L1
		expect L1
		stop
		write a.log L2
		start
		expect L2`},
	{"lines that end in CR LF", `
		start
		partial a.log L1\r
		poll
		read
		partial a.log \n
		expect L1
		offset a.log 4
		stop
		partial a.log L2\r\n
		start
		expect L2
		offset a.log 8`},
	{"records that are none", `
		start
		cri P/0.log stdout F L1
		write P/0.log 2026-11-20T10:22:54Z_stdout_F_x plain 2026-11-20T10:22:54Z
		cri P/0.log both F L2
		cri P/0.log stdout P:x a
		cri P/0.log stdout F:y b
		expect L1 2026-11-20T10:22:54Z_stdout_F_x plain 2026-11-20T10:22:54Z 2026-11-20T10:22:00.000000002Z_both_F_L2 ab`},
	{"an object over many lines, in two writes and over a restart", `
		start
		write a.log { "a":1,
		expect
		stop
		write a.log "b":2 } next
		start
		expect {"a":1,"b":2} next`},
	{"a first line that nobody frames", `
		start
		write P/0.log garbage
		expect garbage
		cri P/0.log stdout P a
		cri P/0.log stdout F b
		expect ab`},
	{"a copy under a name of its own is another log", `
		start
		write a.log L1 L2
		expect L1 L2
		cp a.log b.log
		expect L1 L2
		write b.log L3
		expect L3`},
	{"pods of one name", `
		write default_web_1/c/0.log 2026-11-20T10:22:54Z
		write default_web_2/c/0.log 2026-11-20T10:22:55Z
		start
		expect 2026-11-20T10:22:54Z 2026-11-20T10:22:55Z`},
	{"thirty targets of one symlink", `
		mkdir there
		start
		` + retargets(30) + `
		noloss`},
	{"truncated and grown after it was looked at, before it is read", `
		start
		write a.log L1
		expect L1
		write a.log L2
		poll
		trunc a.log 0
		write a.log M1 M2 M3
		read
		expect M1 M2 M3
		loss truncated 3
		noloss`},
	{"killed between two records that were flushed together", `
		start
		cri P/0.log stdout P a
		cri P/0.log stderr P b
		expect
		cri P/1.log stdout F c
		poll 4
		next
		save
		kill
		start
		expect a~ b~ c
		noloss`},
	{"killed within the lines of what turned out to be no object", `
		start
		write a.log { one two
		expect
		write a.log {
		poll
		next
		save
		kill
		start
		wait 11s
		expect { one two {
		noloss`},
	{"saved while lines that were read ahead are not given", `
		start
		write a.log L1 L2 L3
		poll
		next
		offset a.log 3
		save
		kill
		start
		expect L1 L2 L3
		noloss`},
	{"open files within the budget", `
		budget 8
		write a1.log L
		write a2.log L
		write a3.log L
		write a4.log L
		write a5.log L
		write a6.log L
		write a7.log L
		write a8.log L
		write a9.log L
		write b1.log L
		write b2.log L
		start
		expect L L L L L L L L L L L
		open 8
		write a1.log M
		write b2.log M
		mv a5.log a5.log.1
		write a5.log N
		expect M M N
		open 8
		noloss`},
	{"too much held of deleted files", `
		hold 10
		start
		write a.log L1
		expect L1
		cri a.log stdout F L2
		cri a.log stdout F L3
		poll
		rm a.log
		poll
		expect
		loss hold_limit 86 2
		open 0
		noloss`},
	{"too many deleted files", `
		holdfiles 1
		start
		write a.log L1
		expect L1
		write a.log L2
		write b.log M1 M2
		poll
		rm a.log
		poll
		rm b.log
		poll
		expect M1 M2
		loss hold_limit 3 1
		open 0
		noloss`},
	{"rotated and deleted for long while nobody reads", `
		budget 8
		start
		poll
		` + rotations(40) + `
		expect ` + rotated(40) + `
		noloss`},
	{"not a file", `
		mkdir x.log
		write a.log L1
		start
		expect L1
		error none`},
	{"long line", `
		maxline 1024
		start
		write a.log ` + long + ` L2
		expect ` + long[:1024] + `…[cut_976_bytes_sha256:bd99e1d3] L2
		stop
		start
		expect`},
	{"rewritten within the same tick of the clock", `
		start
		write a.log aaa
		touch 2100 a.log
		expect aaa
		trunc a.log 0
		write a.log bbb
		touch 2100 a.log
		expect bbb
		noloss`},
	{"rewritten after it was looked at, without a trace", `
		start
		write a.log aaa
		touch 2001 a.log
		poll
		trunc a.log 0
		write a.log bbb
		touch 2001 a.log
		read
		expect bbb
		loss truncated 4`},
	{"created within the same tick of the clock", `
		write a.log L1
		touch 2100 .
		start
		expect L1
		write b.log L2
		touch 2100 .
		expect L2`},
	{"few logs are looked at each time, however calm", `
		write a.log L1
		write b.log M1
		touch 2001 a.log b.log .
		start
		wait 30s
		expect L1 M1
		write a.log L2
		write b.log M2
		now L2 M2`},
	{"created again after a calm", `
		write a.log L1
		touch 2001 a.log .
		start
		wait 30s
		expect L1
		poll
		rm a.log
		write a.log L2
		poll
		tracks 2
		expect L2
		noloss`},
	{"late write to a rotated file that looked complete", `
		start
		write a.log L1
		poll
		mv a.log a.log.1
		write a.log L3
		poll 4
		partial a.log.1 he
		poll
		read
		write a.log.1 llo
		expect L1 hello L3`},
	{"late write when the new file comes late", `
		start
		write a.log L1
		expect L1
		mv a.log a.log.1
		wait 4s
		write a.log L3
		poll
		read
		write a.log.1 L2
		expect L2 L3`},
	{"equal files, found together", `
		write a.log.1 same
		write a.log same
		start
		expect same same`},
	{"two runs of a container that begin alike", `
		start
		write P/0.log same
		expect same
		write P/1.log same
		expect same`},
	{"a copy of a rotated file leaves it closed", `
		start
		write a.log L1
		mv a.log a.log.1
		write a.log L2
		expect L1 L2
		cp a.log.1 a.log.2
		expect
		open 1`},
	{"a copy with unread lines, found before the truncation", `
		start
		write a.log L1
		expect L1
		write a.log L2
		poll
		cp a.log a.log.1
		poll
		trunc a.log 0
		write a.log L3
		expect L2 L3
		noloss`},
	{"truncated within a record", `
		start
		cri P/0.log stdout P a
		expect
		trunc P/0.log 0
		cri P/0.log stdout F b
		expect a~ b`},
	{"given up within a record", `
		hold 10
		start
		cri P/0.log stdout P a
		expect
		mv P/0.log P/0.log.20261120-100000
		cri P/0.log stdout P b
		poll
		mv P/0.log P/0.log.20261120-110000
		cri P/0.log stdout F c
		poll
		rm P/0.log.20261120-110000
		poll
		expect a~ c
		loss hold_limit 42 1
		noloss`},
	{"removed while down, with lines that were read and not given", `
		start
		write a.log L1 ` + long + ` L3
		poll
		next
		stop
		rm a.log
		start
		expect L1
		loss deleted 2004
		noloss`},
	{"removed while down with lines that were seen after a calm", `
		write a.log L1
		touch 2001 a.log .
		start
		expect L1
		save
		write a.log L2
		poll
		stop
		rm a.log
		start
		expect
		loss deleted 3`},
	{"held to the last byte", `
		hold 6
		start
		write a.log L1
		expect L1
		write a.log L2
		poll
		rm a.log
		poll 4
		expect L2
		noloss`},
	{"out of sight, and too many others to open", `
		include *.log
		mkdir old
		budget 8
		start
		write a.log L1
		expect L1
		write a.log L2
		poll
		mv a.log old/x
		poll
		` + many(9) + `
		poll
		expect L2 M M M M M M M M M
		noloss`},
	{"stopped within a record whose beginning comes back late", `
		start
		cri P/0.log stdout P a
		mv P/0.log P/0.log.20261120-102254
		cri P/0.log stderr F x
		expect x
		stop
		mv P/0.log.20261120-102254 away.tmp
		cri P/0.log stdout F b
		start
		poll
		read
		mv away.tmp P/0.log.20261120-102254
		expect ab
		open 1
		noloss`},
	{"stopped within a record whose beginning is gone", `
		start
		cri P/0.log stdout P a
		mv P/0.log P/0.log.20261120-102254
		cri P/0.log stderr F x
		expect x
		stop
		rm P/0.log.20261120-102254
		cri P/0.log stdout F b
		start
		expect b
		loss deleted 42
		noloss`},
	{"empty lines", `
		partial a.log
		start
		write a.log
		write a.log
		write a.log L1
		expect L1
		offset a.log 5
		stop
		start
		expect`},
}

// retargets is a script that writes to one file after the other behind a symlink.
func retargets(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "write there/%d a%d b%d\nln there/%d a.log\nwrite there/%d c%d\nexpect a%d b%d c%d\n", i, i, i, i, i, i, i, i, i)
	}
	return b.String()
}

// many is a script that writes a line to each of n logs.
func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "write b%d.log M\n", i)
	}
	return b.String()
}

// rotations is a script that writes to a log, and rotates it as the kubelet does, n times.
func rotations(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "cri P/0.log stderr F L%d\npoll\n", i)
		if i >= 3 {
			fmt.Fprintf(&b, "rm P/0.log.20261120-10%02d00.gz\n", i-3)
		}
		if i >= 1 {
			fmt.Fprintf(&b, "gz P/0.log.20261120-10%02d00\n", i-1)
		}
		fmt.Fprintf(&b, "mv P/0.log P/0.log.20261120-10%02d00\nmk P/0.log\npoll\n", i)
	}
	return b.String()
}

// rotated are the lines that rotations writes.
func rotated(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "L%d ", i)
	}
	return b.String()
}

// longLines are thirty words that are together longer than what is remembered of a file's end.
var longLines = strings.TrimSpace(strings.Repeat(strings.Repeat("x", 66)+" ", 30))

func TestFollow(t *testing.T) {
	for _, tt := range followTests {
		t.Run(tt.name, func(t *testing.T) { newWorld(t).run(tt.script) })
		t.Run(tt.name+", drowsy", func(t *testing.T) {
			w := newWorld(t)
			w.drowsy = true
			w.run(tt.script)
		})
	}
}

// TestIdentifyLooksAgain takes the size of a new file from what is opened: since the walk its inode
// may have become that of a younger and shorter one.
func TestIdentifyLooksAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	w.append("a.log", "a longer line")
	st, err := w.f.files.Path(w.path("a.log"))
	w.check(err)
	w.check(os.WriteFile(w.path("a.log"), []byte("short"), 0o600))
	found := discover.Found{File: File{Path: w.path("a.log")}, Real: w.path("a.log"), Stat: st}
	f := w.f.newLive("a.log").newFile(&found)
	w.check(f.identify())
	if f.Size != 5 || f.Stat.Size != 5 {
		t.Errorf("size %d, %d on disk, want 5", f.Size, f.Stat.Size)
	}
}

// TestEndOfALargeCopy reads no more of a compressed text than tells that it is no copy of a small one.
func TestEndOfALargeCopy(t *testing.T) {
	t.Parallel()
	const size = 4 << 20
	w := newWorld(t)
	w.append("a.log", strings.Repeat("12345678", size/8))
	w.gz("a.log")
	w.start()
	w.poll()
	f := w.f.Live()[0].files[0]
	w.check(f.open())
	for most, want := range map[int64]int64{100: 101, size - 1: size, size: size, 1 << 40: size} {
		if last, end := f.end(most); end != want || len(last) != int(min(end, windowSize)) {
			t.Errorf("read %d bytes to see whether there are more than %d, and kept %d", end, most, len(last))
		}
	}
}

// TestCopyOfWhatGoesMeanwhile removes the original of a compressed copy after the walk found both and
// before they are compared: what was read of it is not read again.
func TestCopyOfWhatGoesMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rotated := "P/0.log.20261120-102200"
	w.run(`
		include .
		write P/0.log L1
		start
		expect L1
		mv P/0.log ` + rotated + `
		write P/0.log L2
		expect L2
		poll 60`)
	w.check(os.Link(w.path(rotated), w.path("kept")))
	w.gz(rotated)
	w.check(os.Rename(w.path("kept"), w.path(rotated)))
	w.f.round++
	logs := w.f.walker.Walk(w.f.now)
	w.check(os.Remove(w.path(rotated)))
	for i := range logs {
		w.f.liveOf(&logs[i]).match(logs[i].Found, true)
	}
	w.run(`
		write P/0.log L3
		expect L3
		noloss`)
}

// TestHeldFileGrows has a writer add to a deleted file that has waited for long, and that is looked
// at seldom therefore.
func TestHeldFileGrows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run(`
		include .
		write P/0.log L1
		start
		poll`)
	writer, err := os.OpenFile(w.path("P/0.log"), os.O_WRONLY|os.O_APPEND, 0)
	w.check(err)
	defer writer.Close()
	w.run(`
		mv P/0.log P/0.log.20261120-102200
		write P/0.log L3
		poll
		rm P/0.log.20261120-102200
		poll 60`)
	_, err = writer.WriteString("L2\n")
	w.check(err)
	w.read()
	w.run(`
		expect L1 L2 L3
		noloss`)
}
