package config

import (
	"os"
	"reflect"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"fluxtrail/config/bounded"
)

// nodeName is the variable that a pod's manifest fills with spec.nodeName.
const nodeName = "NODE_NAME"

// maxFile bounds a configuration file, in bytes. That is what a ConfigMap may have.
const maxFile = 1 << 20

// Load reads the file at path, none if it is empty, the environment, and flags made by NewFlags,
// which may be nil. The error is Errors with everything that is wrong, or what kept the file from
// being read.
func Load(path string, flags *pflag.FlagSet) (Config, error) {
	var data []byte
	if path != "" {
		var err error
		if data, err = bounded.File(path, maxFile); err != nil {
			return Config{}, err
		}
	}
	return parse(path, data, flags)
}

// parse is Load without the file system.
func parse(name string, data []byte, flags *pflag.FlagSet) (Config, error) {
	f := readFile(name, data)
	v, errs := layers(f, flags)
	all := append(append(f.errs, unknownVariables(os.Environ())...), errs...)
	c, err := decode(v)
	if err != nil {
		return Config{}, err
	}
	if !f.errs.about("") { // of a file that is no configuration at all, the rest would only be noise
		all = append(all, invalid(c, f, flags, all)...)
	}
	if all.sort(); len(all) > 0 {
		return Config{}, all
	}
	return c, nil
}

// layers gives viper all sources: it takes a value from the first of flags, environment, file and
// defaults that has one. Flags and variables hold text, which is turned into values here.
func layers(f *file, flags *pflag.FlagSet) (*viper.Viper, Errors) {
	v := viper.New()
	def := reflect.ValueOf(defaults())
	_ = v.MergeConfigMap(f.values) // its only error is a map that is none
	for _, k := range keys() {
		v.SetDefault(k.name(), def.FieldByIndex(k.index).Interface())
		_ = v.BindEnv(k.name(), envName(k.name()), shortEnvName(k.name())) // an error only without names
		if flag := flagOf(k, flags); flag != nil {
			_ = v.BindPFlag(k.name(), flag) // an error only without a flag
		}
	}
	v.SetDefault("kube.node", os.Getenv(nodeName))
	var errs Errors
	for _, k := range keys() {
		s, ok := v.Get(k.name()).(string)
		if !ok {
			continue // from the file or the defaults
		}
		value, wrong := k.parse(s)
		for _, p := range wrong {
			p.Env = origin(k, flags)
			errs = append(errs, p)
		}
		if len(wrong) == 0 {
			v.Set(k.name(), value)
		} else {
			v.Set(k.name(), def.FieldByIndex(k.index).Interface())
		}
	}
	return v, errs
}

// decode fills the struct. All values have the types that its fields want: nothing is converted,
// and a key that it does not know is a mistake of this package.
func decode(v *viper.Viper) (c Config, err error) {
	err = v.UnmarshalExact(&c, func(d *mapstructure.DecoderConfig) {
		d.WeaklyTypedInput, d.DecodeHook, d.Squash = false, nil, true
		d.MatchName = func(key, field string) bool { return key == snake(field) }
	})
	return c, err
}

// environment returns what gives the value of each of the variables, "" for one that is not set.
func environment(names []string) func(name string) string {
	v := viper.New()
	for _, name := range names {
		_ = v.BindEnv(name, name) // an error only without names
	}
	return v.GetString
}

func flagOf(k key, flags *pflag.FlagSet) *pflag.Flag {
	if flags == nil {
		return nil
	}
	return flags.Lookup(flagName(k.name()))
}

// origin is the flag or variable that sets a key, "" for neither.
func origin(k key, flags *pflag.FlagSet) string {
	if flag := flagOf(k, flags); flag != nil && flag.Changed {
		return "--" + flag.Name
	}
	for _, name := range []string{envName(k.name()), shortEnvName(k.name())} {
		if os.Getenv(name) != "" {
			return name
		}
	}
	return ""
}

// invalid is what makes no sense in a Config that could be read, without what follows from errors
// before.
func invalid(c Config, f *file, flags *pflag.FlagSet, before Errors) (all Errors) {
	found, _ := validate(c).(Errors)
	for _, p := range found {
		if before.about(p.Key) {
			continue
		}
		for _, k := range keys() {
			if within(p.Key, k.name()) {
				p.Env = origin(k, flags)
			}
		}
		if p.Env == "" { // what is missing has only a file
			p.File, p.Line = f.name, f.line(p.Key)
		}
		all = append(all, p)
	}
	return all
}
