"""A framework by pymesos, which shares no code with this repository: subscribes, launches, is told, reconciles, fails
over, kills, and tears itself down.

    pymesos_client.py HOST:PORT

Prints a line for each step that worked; ends with status 1 and a line that says which did not.
"""

import os
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from pymesos import MesosSchedulerDriver, Scheduler  # noqa: E402

PATIENCE = 20


class Failed(Exception):
    pass


class Recorder(Scheduler):
    """Keeps what it is told, for whoever waits for it."""

    def __init__(self, tasks=()):
        self.condition = threading.Condition()
        self.framework = None
        self.offers = []
        self.updates = []
        self.errors = []
        self.tasks = list(tasks)

    def registered(self, driver, framework_id, master_info):
        self._note(lambda: setattr(self, "framework", framework_id["value"]))

    def reregistered(self, driver, master_info):
        self._note(lambda: setattr(self, "framework", driver.framework_id))

    def resourceOffers(self, driver, offers):
        for offer in offers:
            tasks, self.tasks = self.tasks, []
            if not tasks:
                driver.declineOffer(offer["id"], {"refuse_seconds": 1})
                continue
            infos = [self._info(name, command, offer) for name, command in tasks]
            driver.launchTasks(offer["id"], infos, {"refuse_seconds": 0})
        self._note(lambda: self.offers.extend(offers))

    def statusUpdate(self, driver, update):
        self._note(lambda: self.updates.append(update))

    def error(self, driver, message):
        self._note(lambda: self.errors.append(message))

    def wait_for(self, what, condition):
        with self.condition:
            if not self.condition.wait_for(lambda: condition(self) or self.errors, PATIENCE):
                raise Failed(f"{what}: not within {PATIENCE} s; updates: {self.updates}")
            if not condition(self):
                raise Failed(f"{what}: {self.errors}")
        print(f"{what}: ok", flush=True)

    def has(self, task, state, reason=None):
        return any(
            update["task_id"]["value"] == task and update["state"] == state and update.get("reason") == reason
            for update in self.updates
        )

    def _note(self, change):
        with self.condition:
            change()
            self.condition.notify_all()

    @staticmethod
    def _info(name, command, offer):
        scalar = lambda resource, value: {"name": resource, "type": "SCALAR", "scalar": {"value": value}}  # noqa: E731
        return {
            "name": name,
            "task_id": {"value": name},
            "agent_id": offer["agent_id"],
            "resources": [scalar("cpus", 0.1), scalar("mem", 32)],
            "command": {"value": command},
        }


def framework(name, framework_id=None):
    info = {
        "user": "",
        "name": name,
        "roles": ["*"],
        "failover_timeout": 60,
        "checkpoint": True,
        "capabilities": [{"type": "MULTI_ROLE"}, {"type": "PARTITION_AWARE"}, {"type": "TASK_KILLING_STATE"}],
    }
    if framework_id:
        info["id"] = {"value": framework_id}
    return info


def run(master):
    first = Recorder([("stays", "sleep 1000"), ("fails", "exit 3"), ("ends", "true")])
    driver = MesosSchedulerDriver(first, framework("pymesos"), master)
    driver.start()
    try:
        first.wait_for("subscribes", lambda it: it.framework)
        first.wait_for("gets offers", lambda it: it.offers)
        first.wait_for("a task runs", lambda it: it.has("stays", "TASK_RUNNING"))
        first.wait_for("a task fails", lambda it: it.has("fails", "TASK_FAILED"))
        first.wait_for("a task ends", lambda it: it.has("ends", "TASK_FINISHED"))
        driver.reconcileTasks([])
        first.wait_for("reconciles", lambda it: it.has("stays", "TASK_RUNNING", "REASON_RECONCILIATION"))
    finally:
        driver.stop(failover=True)
        driver.join()

    second = Recorder()
    driver = MesosSchedulerDriver(second, framework("pymesos", first.framework), master)
    driver.start()
    try:
        second.wait_for("fails over", lambda it: it.framework == first.framework)
        driver.reconcileTasks([{"task_id": {"value": "stays"}}])
        second.wait_for("its task lives", lambda it: it.has("stays", "TASK_RUNNING", "REASON_RECONCILIATION"))
        driver.killTask({"value": "stays"})
        second.wait_for("is told of the kill", lambda it: it.has("stays", "TASK_KILLING"))
        second.wait_for("its task is killed", lambda it: it.has("stays", "TASK_KILLED"))
    finally:
        driver.stop()
        driver.join()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: pymesos_client.py HOST:PORT")
    try:
        run(sys.argv[1])
    except Failed as failure:
        sys.exit(str(failure))
