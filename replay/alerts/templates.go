package alerts

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"

	"github.com/prometheus/prometheus/model/rulefmt"
)

// What the text of an alert may have and take. Its template has variables and loops, and nothing
// can end one that is being expanded.
const (
	maxText  = 64 << 10   // bytes, as it is written
	maxNodes = 10_000     // parts that are looked at, those of templates that it names included
	maxValue = 4 << 20    // bytes of a value
	maxMade  = 64 << 20   // bytes of what comes out
	maxTurns = 10_000_000 // parts that are executed, loops included
)

// What is reckoned for what only an alert knows.
const (
	aLabel  = 256       // bytes of a label, or of another text
	anyList = 256 << 10 // bytes of what a query answers
	inList  = 1000      // series in it
	inInner = 100       // series in what is asked for each of them
)

// errText is a text that makes more than any alert needs.
var errText = errors.New("no alert needs as much")

// tooCostly says why texts of an alert are not expanded, whose group has labels of its own.
func tooCostly(r rulefmt.Rule, ofGroup map[string]string) error {
	if r.Alert == "" {
		return nil // records have no templates
	}
	size := 0
	for _, all := range []map[string]string{ofGroup, r.Labels} {
		for name, value := range all {
			size += len(name) + len(value)
		}
	}
	if n := max(len(ofGroup)+len(r.Labels), len(r.Annotations)); n > maxNames || size > maxLabels {
		return fmt.Errorf("it has %d labels or annotations, or %d bytes of labels; %d and %d are evaluated", n, size, maxNames, maxLabels)
	}
	for _, all := range []map[string]string{ofGroup, r.Labels, r.Annotations} {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if err := costly(all[name]); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

// costly says why a text is not expanded, nil if it may be.
func costly(text string) error {
	if len(text) > maxText {
		return fmt.Errorf("it has %d bytes; texts of up to %d are expanded", len(text), maxText)
	}
	trees, tree := map[string]*parse.Tree{}, parse.New("text")
	tree.Mode = parse.SkipFuncCheck
	if _, err := tree.Parse(defined+text, "", "", trees); err != nil || trees["text"] == nil {
		return nil // who expands it says why it cannot be
	}
	x := &expansion{trees: trees}
	for range 2 { // the second time it is known how often a loop may turn
		x.vars, x.dot, x.times, x.done, x.made, x.nodes = map[string]float64{"$": aLabel}, aLabel, 1, 0, 0, 0
		x.visit(trees["text"].Root)
	}
	return x.err
}

// expansion estimates what it takes to expand a text: it goes through its parts in order, with
// numbers of bytes in place of values.
type expansion struct {
	trees map[string]*parse.Tree
	vars  map[string]float64 // the most bytes that each had
	dot   float64
	turns float64 // of a loop that counts: the largest number that one may count to
	times float64 // how often the part that is looked at is executed
	done  float64 // parts that were executed
	made  float64 // bytes
	nodes int
	err   error
}

func (x *expansion) refuse(format string, args ...any) {
	if x.err == nil {
		x.err = fmt.Errorf(format+": %w", append(args, errText)...)
	}
}

// visit goes through a part that may print something.
func (x *expansion) visit(n parse.Node) {
	x.nodes++
	if x.done += x.times; x.done > maxTurns || x.nodes > maxNodes {
		x.refuse("its loops or templates have too many turns")
	}
	if x.err != nil {
		return
	}
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, part := range n.Nodes {
				x.visit(part)
			}
		}
	case *parse.TextNode:
		x.print(float64(len(n.Text)))
	case *parse.ActionNode:
		if size := x.pipe(n.Pipe); len(n.Pipe.Decl) == 0 {
			x.print(size)
		}
	case *parse.IfNode:
		x.pipe(n.Pipe)
		x.visit(n.List)
		x.visit(n.ElseList)
	case *parse.WithNode:
		x.within(x.pipe(n.Pipe), n.List)
		x.visit(n.ElseList)
	case *parse.RangeNode:
		x.loop(n)
	case *parse.TemplateNode:
		x.template(n)
	}
}

func (x *expansion) print(size float64) {
	if x.made += size * x.times; x.made > maxMade {
		x.refuse("it makes more than %d MiB", maxMade>>20)
	}
}

// within goes through a list with another dot.
func (x *expansion) within(dot float64, list *parse.ListNode) {
	before := x.dot
	x.dot = dot
	x.visit(list)
	x.dot = before
}

// loop goes through the body three times. A variable that the third turn lengthens more than the
// second did grows without bound; others grow by as much with each turn.
func (x *expansion) loop(n *parse.RangeNode) {
	of := element(x.commands(n.Pipe))
	x.declare(n.Pipe, of)
	times, turns := x.times, max(x.turns, inList)
	if times > 1 {
		turns = max(x.turns, inInner)
	}
	x.times *= turns
	var seen [3]map[string]float64
	for i := range seen {
		x.within(of, n.List)
		seen[i] = maps.Clone(x.vars)
		x.times = 0 // the others are among the turns of the first
	}
	x.times = times
	for name, size := range seen[2] {
		second, third := seen[1][name]-seen[0][name], size-seen[1][name]
		switch {
		case third > second:
			x.refuse("the variable %s grows and grows in a loop", name)
		case third > 0:
			x.vars[name] = x.value(size + third*turns)
		}
	}
	x.visit(n.ElseList)
}

// template goes through a template of the text. Those of others are not known, and fail.
func (x *expansion) template(n *parse.TemplateNode) {
	arg, tree := float64(0), x.trees[n.Name]
	if n.Pipe != nil {
		arg = x.pipe(n.Pipe)
	}
	if tree == nil {
		return
	}
	before := x.vars
	x.vars = map[string]float64{"$": arg}
	x.within(arg, tree.Root)
	x.vars = before
}

// value is the size of a value, if it may be as large.
func (x *expansion) value(size float64) float64 {
	if size > maxValue {
		x.refuse("it makes a value of more than %d MiB", maxValue>>20)
	}
	return size
}

// element is the size of what is in a value: in a list that a query answers are labels.
func element(of float64) float64 {
	if of <= anyList {
		return min(of, aLabel)
	}
	return of
}

// pipe is the size of what a pipeline gives, to which it sets its variables.
func (x *expansion) pipe(n *parse.PipeNode) float64 {
	size := x.commands(n)
	x.declare(n, size)
	return size
}

// declare sets the variables of a pipeline. Each keeps the largest size that it had.
func (x *expansion) declare(n *parse.PipeNode, size float64) {
	for _, v := range n.Decl {
		x.vars[v.Ident[0]] = max(x.vars[v.Ident[0]], size)
	}
}

func (x *expansion) commands(n *parse.PipeNode) (size float64) {
	for i, c := range n.Cmds {
		size = x.command(c, i > 0, size)
	}
	return size
}

// command is the size of what a function, a method or a value gives.
func (x *expansion) command(c *parse.CommandNode, piped bool, last float64) float64 {
	if x.nodes++; x.nodes > maxNodes || x.err != nil {
		x.refuse("it has more than %d parts", maxNodes)
		return 0
	}
	x.done += x.times
	function, ok := c.Args[0].(*parse.IdentifierNode)
	var args []float64
	for _, a := range c.Args[1:] {
		if number := a.Type() == parse.NodeNumber; number && ok && !givesOn[function.Ident] {
			args = append(args, 100)
			continue
		}
		args = append(args, x.operand(a))
	}
	if piped {
		args = append(args, last)
	}
	if !ok {
		return x.value(x.operand(c.Args[0]) + 10*sum(args)) // a method, as that which formats times
	}
	var literal string
	if len(c.Args) > 1 {
		if s, ok := c.Args[1].(*parse.StringNode); ok {
			literal = s.Text
		}
	}
	return x.value(x.call(function.Ident, literal, args))
}

// givesOn are functions that give an argument on, so that a loop may count to it.
var givesOn = map[string]bool{"and": true, "or": true, "args": true}

// call is the size of what a function gives at most, of which literal is the first argument if that
// is one.
func (x *expansion) call(name, literal string, args []float64) float64 {
	switch name {
	case "query":
		return anyList
	case "first", "value", "label", "strvalue":
		return element(largest(args))
	case "len":
		x.turns = max(x.turns, maxValue)
	case "toTime", "toDuration": // have whole numbers of any size in them
		x.turns = math.Inf(1)
	case "printf":
		if literal == "" {
			return math.Inf(1) // whoever gives the format decides
		}
		return formatted(literal, args[1:])
	case "reReplaceAll":
		if len(args) == 3 { // a match may be empty, or all of the text
			return (args[2]+1)*args[1] + args[2]
		}
	case "html", "js", "urlquery", "urlQueryEscape", "graphLink", "tableLink", "toUpper", "toLower", "title":
		return 6*sum(args) + 100
	}
	return sum(args) + 100
}

// verb is a verb of printf, with what widens it.
var verb = regexp.MustCompile(`%[-+# 0]*(?:\[\d+\])?(\*|\d*)(?:\.(?:\[\d+\])?(\*|\d*))?(?:\[\d+\])?(.?)`)

// widest is how wide printf makes a value at most.
const widest = 1_000_000

// formatted is how long printf makes a text at most.
func formatted(format string, args []float64) float64 {
	size, inOrder := float64(len(format)), !strings.ContainsAny(format, "[*")
	for i, v := range verb.FindAllStringSubmatch(format, -1) {
		of := largest(args) // any of them
		if inOrder && i < len(args) {
			of = args[i]
		}
		if !strings.Contains("sdvfgt", v[3]) {
			of *= 6 // has escapes, or is written in digits
		}
		size += of + 100
		for _, wide := range v[1:3] {
			switch n, err := strconv.Atoi(wide); {
			case wide == "*" || err == nil && n > widest:
				size += widest
			case err == nil:
				size += float64(n)
			}
		}
	}
	return size
}

// operand is the size of a value.
func (x *expansion) operand(n parse.Node) float64 {
	switch n := n.(type) {
	case *parse.StringNode:
		return float64(len(n.Text))
	case *parse.NumberNode:
		if n.IsInt {
			x.turns = max(x.turns, float64(n.Int64))
		}
	case *parse.DotNode:
		return x.dot
	case *parse.FieldNode:
		return max(aLabel, element(x.dot))
	case *parse.VariableNode:
		if len(n.Ident) > 1 {
			return max(aLabel, element(x.vars[n.Ident[0]]))
		}
		return x.vars[n.Ident[0]]
	case *parse.ChainNode:
		return max(aLabel, element(x.operand(n.Node)))
	case *parse.PipeNode:
		return x.pipe(n)
	case *parse.IdentifierNode:
		return x.call(n.Ident, "", nil)
	}
	return 100
}

func sum(all []float64) (n float64) {
	for _, v := range all {
		n += v
	}
	return n
}

func largest(all []float64) (n float64) {
	for _, v := range all {
		n = max(n, v)
	}
	return n
}
