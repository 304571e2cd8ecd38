// An exception that nobody catches.
#include <stdexcept>

extern "C" void throw_exception() {
    throw std::runtime_error("broken");
}
