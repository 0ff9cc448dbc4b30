package journal

type kind = uint32
