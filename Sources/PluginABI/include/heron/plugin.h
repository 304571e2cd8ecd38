#ifndef HERON_PLUGIN_H
#define HERON_PLUGIN_H
#endif
