/* The defaults of AddressSanitizer, also for processes that tests start with an environment of their own: commands end
 * without giving everything back, for the system does. */
const char *__asan_default_options(void);

const char *__asan_default_options(void) {
    return "detect_leaks=0";
}
