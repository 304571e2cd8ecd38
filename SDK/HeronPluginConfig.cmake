# Heron's plugin ABI for CMake:
#
#   find_package(HeronPlugin 1.0 REQUIRED)
#   heron_add_plugin(slurm slurm.c)     # libheron-slurm.so beside plugin.yaml in the build folder
get_filename_component(HeronPlugin_PREFIX "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(HeronPlugin_PROTO_DIR "${HeronPlugin_PREFIX}/include/heron/proto")
set(HeronPlugin_PLUGIN_DIR "${HeronPlugin_PREFIX}/lib/plugins")

if(NOT TARGET HeronPlugin::HeronPlugin)
  add_library(HeronPlugin::HeronPlugin INTERFACE IMPORTED)
  set_target_properties(HeronPlugin::HeronPlugin PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${HeronPlugin_PREFIX}/include")
endif()

# A plugin `name` of the given sources, with the plugin.yaml of the current source folder beside it.
function(heron_add_plugin name)
  add_library(heron-${name} MODULE ${ARGN})
  target_link_libraries(heron-${name} PRIVATE HeronPlugin::HeronPlugin)
  set_target_properties(heron-${name} PROPERTIES
    C_VISIBILITY_PRESET hidden
    CXX_VISIBILITY_PRESET hidden
    LINK_DEPENDS "${HeronPlugin_PREFIX}/share/heron/plugin.map")
  target_link_options(heron-${name} PRIVATE
    "-Wl,--no-undefined,--version-script=${HeronPlugin_PREFIX}/share/heron/plugin.map")
  configure_file(plugin.yaml plugin.yaml COPYONLY)
endfunction()
