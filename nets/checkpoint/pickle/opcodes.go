package pickle

// The opcodes of plain data.
const (
	mark            = '('
	stop            = '.'
	binInt          = 'J'
	binInt1         = 'K'
	binInt2         = 'M'
	none            = 'N'
	binPersistentID = 'Q'
	reduce          = 'R'
	binString       = 'T'
	shortBinString  = 'U'
	binUnicode      = 'X'
	appendOne       = 'a'
	build           = 'b'
	global          = 'c'
	emptyDict       = '}'
	appendAll       = 'e'
	binGet          = 'h'
	longBinGet      = 'j'
	emptyList       = ']'
	binPut          = 'q'
	longBinPut      = 'r'
	setItem         = 's'
	tuple           = 't'
	emptyTuple      = ')'
	setItems        = 'u'
	binFloat        = 'G'
	protocol        = 0x80
	tuple1          = 0x85
	tuple2          = 0x86
	tuple3          = 0x87
	newTrue         = 0x88
	newFalse        = 0x89
	long1           = 0x8a
	long4           = 0x8b
	shortBinUnicode = 0x8c
	binUnicode8     = 0x8d
	stackGlobal     = 0x93
	memoize         = 0x94
	frame           = 0x95
)
