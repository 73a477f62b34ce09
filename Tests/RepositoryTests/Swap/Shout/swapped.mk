CFLAGS = -O2 -Wall
OBJECTS = main.o text.o swift.o

shout: $(OBJECTS)
	swiftc -static-stdlib $(LDFLAGS) $(OBJECTS) $(LDLIBS) -o $@

$(OBJECTS): text.h
text.o: CFLAGS += -Dtext_upper=text_upper_in_c
swift.o: text.swift ; swiftc -O -wmo -parse-as-library -import-objc-header text.h -c text.swift -o $@
