# Doors for those whose fingers say make; meson.build is the build.
all:     ; @bash -c '. tools/doors.sh; need run; build build'
check:   ; @./test quick
torture: ; @TORTURE_ALL=1 TORTURE_KILLS=$${TORTURE_KILLS:-10000} \
	TORTURE_CUTS=$${TORTURE_CUTS:-1000} ./test torture db flow
fuzz:    ; @FUZZ_SECONDS=$${FUZZ_SECONDS:-60} ./test fuzz
tidy:    ; @./test style lint
.PHONY: all check torture fuzz tidy
