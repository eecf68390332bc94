package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

const module = "fluxtrail"

// house is the code of the module without its tests, type-checked.
type house struct {
	fset     *token.FileSet
	packages []*pkg          // by directory
	uses     map[string]bool // exported names that another package uses
	called   map[string]bool // names of methods that some interface asks for

	architecture string // the text of ARCHITECTURE.md
}

// pkg is one package of the module.
type pkg struct {
	dir       string   // below the top of the checkout
	imports   []string // directories of the packages of ours that it imports, sorted
	files     []file
	testLines int
	types     *types.Package
}

type file struct {
	name  string // below the top of the checkout
	lines int
	text  []byte
	tree  *ast.File
}

// load reads and type-checks the module whose top is dir.
func load(dir string) (*house, error) {
	const mode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
		packages.NeedTypes | packages.NeedTypesInfo | packages.NeedSyntax
	h := &house{fset: token.NewFileSet(), uses: map[string]bool{}, called: map[string]bool{"Unwrap": true}}
	loaded, err := packages.Load(&packages.Config{Mode: mode, Dir: dir, Fset: h.fset}, "./...")
	if err != nil {
		return nil, err
	}
	top, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	for _, l := range loaded {
		if len(l.Errors) > 0 {
			return nil, fmt.Errorf("%s: %w", l.PkgPath, l.Errors[0])
		}
		p, err := h.add(l, top)
		if err != nil {
			return nil, err
		}
		h.packages = append(h.packages, p)
	}
	if err := h.noteTests(filepath.Join(top, "e2e")); err != nil {
		return nil, err
	}
	page, err := os.ReadFile(filepath.Join(top, "ARCHITECTURE.md"))
	if err != nil {
		return nil, err
	}
	h.architecture = string(page)
	slices.SortFunc(h.packages, func(a, b *pkg) int { return strings.Compare(a.dir, b.dir) })
	return h, nil
}

// add notes one package, what it uses of others, and the interfaces that it sees.
func (h *house) add(l *packages.Package, top string) (*pkg, error) {
	p := &pkg{dir: strings.TrimPrefix(l.PkgPath, module+"/"), types: l.Types}
	for i, tree := range l.Syntax {
		text, err := os.ReadFile(l.CompiledGoFiles[i])
		if err != nil {
			return nil, err
		}
		name, err := filepath.Rel(top, l.CompiledGoFiles[i])
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, file{filepath.ToSlash(name), bytes.Count(text, []byte("\n")), text, tree})
	}
	for full := range l.Imports {
		if ours, ok := strings.CutPrefix(full, module+"/"); ok {
			p.imports = append(p.imports, ours)
		}
	}
	slices.Sort(p.imports)
	h.noteUses(l)
	h.noteInterfaces(l.Types)
	return p, p.countTests(top)
}

func (p *pkg) countTests(top string) error {
	tests, err := filepath.Glob(filepath.Join(top, p.dir, "*_test.go"))
	for _, name := range tests {
		text, readErr := os.ReadFile(name)
		if readErr != nil {
			return readErr
		}
		p.testLines += bytes.Count(text, []byte("\n"))
	}
	return err
}

// noteTests notes what the end-to-end tests use. They are a module of their own, whose dependencies
// need not be there, so their files are only parsed.
func (h *house) noteTests(dir string) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") {
			return err
		}
		tree, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		h.noteSelectors(tree)
		return nil
	})
}

func (h *house) noteSelectors(tree *ast.File) {
	ours := map[string]string{}
	for _, spec := range tree.Imports {
		full := strings.Trim(spec.Path.Value, `"`)
		if strings.HasPrefix(full, module+"/") {
			name := path.Base(full)
			if spec.Name != nil {
				name = spec.Name.Name
			}
			ours[name] = full
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && len(ours) > 0 {
			h.called[s.Sel.Name] = true // it may be a method
			if x, ok := s.X.(*ast.Ident); ok && ours[x.Name] != "" {
				h.uses[ours[x.Name]+"."+s.Sel.Name] = true
			}
		}
		return true
	})
}

func (h *house) noteUses(l *packages.Package) {
	for _, o := range l.TypesInfo.Uses {
		if o.Pkg() != nil && o.Pkg() != l.Types && o.Exported() {
			h.uses[key(o)] = true
		}
	}
	for _, s := range l.TypesInfo.Selections { // methods that are promoted from another package's type
		if o := s.Obj(); o.Pkg() != nil && o.Pkg() != l.Types {
			h.uses[key(o)] = true
		}
	}
}

// noteInterfaces notes the methods of every interface that a package or one of its imports
// declares: a type may have such a method for that interface's sake.
func (h *house) noteInterfaces(p *types.Package) {
	for _, seen := range append(p.Imports(), p) {
		for _, name := range seen.Scope().Names() {
			i, ok := seen.Scope().Lookup(name).Type().Underlying().(*types.Interface)
			for m := 0; ok && m < i.NumMethods(); m++ {
				h.called[i.Method(m).Name()] = true
			}
		}
	}
}

// key names an object so that the type checker's copies of it in other packages have the same name.
func key(o types.Object) string {
	name := o.Name()
	if f, ok := o.(*types.Func); ok {
		if recv := f.Signature().Recv(); recv != nil {
			name = receiver(recv.Type()) + "." + name
		}
	}
	return o.Pkg().Path() + "." + name
}

func receiver(t types.Type) string {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// testSupport are packages that exist for tests; their users are not looked at.
var testSupport = []string{"fixtures", "sinks/sinktest", "conditions/conditionstest"}

// unusedNames lists exported functions, types, variables, constants and methods that no other
// package of the module and no end-to-end test uses. Other tests are no users. A method that an
// interface may ask for counts as used, and so does everything in a main package.
func (h *house) unusedNames() []string {
	var out []string
	for _, p := range h.packages {
		if p.types.Name() == "main" || slices.Contains(testSupport, p.dir) {
			continue
		}
		for _, o := range exported(p.types) {
			if !h.used(o) {
				out = append(out, strings.TrimPrefix(key(o), module+"/"))
			}
		}
	}
	slices.Sort(out)
	return out
}

func (h *house) used(o types.Object) bool {
	switch o := o.(type) {
	case *types.Func:
		if o.Signature().Recv() != nil && h.called[o.Name()] {
			return true
		}
	case *types.Const:
		if h.usedEnum(o) {
			return true
		}
	}
	return h.uses[key(o)]
}

// usedEnum reports whether a constant is one value of a type of its own package of which another
// value is used: the values of an enumeration stay together.
func (h *house) usedEnum(c *types.Const) bool {
	named, ok := c.Type().(*types.Named)
	if !ok || named.Obj().Pkg() != c.Pkg() {
		return false
	}
	return slices.ContainsFunc(c.Pkg().Scope().Names(), func(name string) bool {
		o := c.Pkg().Scope().Lookup(name)
		return o.Type() == c.Type() && h.uses[key(o)]
	})
}

// exported lists the exported names of a package with the exported methods of its types. A type
// that stands in the signature of another exported name needs no user of its own name.
func exported(p *types.Package) []types.Object {
	var out []types.Object
	for _, name := range p.Scope().Names() {
		o := p.Scope().Lookup(name)
		if o.Exported() && !(isType(o) && shown(p, o)) {
			out = append(out, o)
		}
		named, ok := o.Type().(*types.Named)
		if !ok || !isType(o) {
			continue
		}
		for m := range named.Methods() {
			if m.Exported() {
				out = append(out, m)
			}
		}
	}
	return out
}

func isType(o types.Object) bool { _, ok := o.(*types.TypeName); return ok }

// shown reports whether another exported name of the package has the type in its own type: a
// function's parameter or result, or a field of a struct.
func shown(p *types.Package, o types.Object) bool {
	for _, name := range p.Scope().Names() {
		other := p.Scope().Lookup(name)
		if other != o && other.Exported() && mentions(other.Type(), o) {
			return true
		}
	}
	return false
}

func mentions(t types.Type, o types.Object) bool {
	text := types.TypeString(t, nil)
	if n, ok := t.(*types.Named); ok {
		text = types.TypeString(n.Underlying(), nil)
		for m := range n.Methods() {
			text += types.TypeString(m.Type(), nil)
		}
	}
	return strings.Contains(text, o.Pkg().Path()+"."+o.Name())
}

func (p *pkg) lines() int {
	n := 0
	for _, f := range p.files {
		n += f.lines
	}
	return n
}

// depth is the number of packages on the longest chain of imports that begins with p.
func (h *house) depth(p *pkg) int {
	deepest := 0
	for _, dir := range p.imports {
		i := slices.IndexFunc(h.packages, func(o *pkg) bool { return o.dir == dir })
		deepest = max(deepest, h.depth(h.packages[i]))
	}
	return deepest + 1
}

func (h *house) functions() []measured {
	var out []measured
	for _, f := range h.allFiles() {
		for _, d := range f.tree.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				from, to := h.fset.Position(fn.Pos()), h.fset.Position(fn.End())
				out = append(out, measured{fmt.Sprintf("%s:%d %s", f.name, from.Line, fn.Name.Name), to.Line - from.Line + 1})
			}
		}
	}
	return out
}

func (h *house) fileLengths() []measured {
	var out []measured
	for _, f := range h.allFiles() {
		out = append(out, measured{f.name, f.lines})
	}
	return out
}

func (h *house) allFiles() []*file {
	var all []*file
	for _, p := range h.packages {
		for i := range p.files {
			all = append(all, &p.files[i])
		}
	}
	return all
}
