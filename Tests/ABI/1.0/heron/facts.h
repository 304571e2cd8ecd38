/* The names that heron_host.fact knows. Facts do not change during an instance's life. */
#ifndef HERON_FACTS_H
#define HERON_FACTS_H

#define HERON_FACT_TOPOLOGY_NAME "topology.name"
#define HERON_FACT_TOPOLOGY_ID "topology.id"
#define HERON_FACT_CLUSTER "cluster"
#define HERON_FACT_ROLE "role"
#define HERON_FACT_ENVIRON "environ"

/* The login name of whoever submitted the topology. */
#define HERON_FACT_SUBMIT_USER "submit.user"

/* Where the package with the topology and its configuration was uploaded to. */
#define HERON_FACT_TOPOLOGY_PACKAGE_URI "topology.package.uri"

/* The names of the topology's file and of its definition inside that package. */
#define HERON_FACT_TOPOLOGY_FILE "topology.file"
#define HERON_FACT_DEFINITION_FILE "topology.definition.file"

/* The core package, whose content every container needs as `heron-core/`: exactly one of the two is known. Either it
 * is fetched from a URI, or it lies unpacked in a directory of this machine. */
#define HERON_FACT_CORE_PACKAGE_URI "core.package.uri"
#define HERON_FACT_CORE_PACKAGE_DIRECTORY "core.package.directory"

/* Known to schedulers: the directory that the launcher prepared. */
#define HERON_FACT_WORKING_DIRECTORY "working.directory"

/* The folder of the Heron distribution that the process belongs to. */
#define HERON_FACT_HERON_HOME "heron.home"

/* "true" if the topology was scheduled before, by a scheduler that has ended: on_schedule then adopts what still
 * runs and starts nothing twice. "false" on a first start. */
#define HERON_FACT_RESUMED "resumed"

#endif
