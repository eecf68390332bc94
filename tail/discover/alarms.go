package discover

// Alarm is a file of which the system tells once that something happened to it. The zero Alarm
// stands for none.
type Alarm int32

// AnyAlarm stands for all of them: more happened than the system could say.
const AnyAlarm Alarm = -1
