import { Problem, unprocessable } from "../api/problems.ts";
import type { Schedule } from "../state.ts";
import { parseCron } from "./cron.ts";

type Optional<T> = T | null | undefined;

/** A schedule as a request has it. */
export interface RequestedSchedule {
  scheduleType: Schedule["scheduleType"];
  cronExpression?: Optional<string>;
  cronTimeZone?: Optional<string>;
  basicSchedule?: Optional<Schedule["basicSchedule"]>;
}

export function scheduleOf({ scheduleType, cronExpression, ...given }: RequestedSchedule): Schedule {
  if (scheduleType === "manual") return { scheduleType, cronExpression: null };
  if (scheduleType === "basic") {
    const { basicSchedule } = given;
    if (!basicSchedule) throw unprocessable("if schedule type is basic, then scheduleData.basic must be populated");
    if (basicSchedule.timeUnit === "minutes" && basicSchedule.units < 60) throw tooOften();
    return { scheduleType, cronExpression: null, basicSchedule };
  }
  if (!cronExpression) {
    throw new Problem(400, "error:cron-validation/missing-expression", "A cron schedule needs its expression.", {
      message: "Missing cron expression in the schedule.",
    });
  }
  const parsed = { scheduleType, cronExpression: parseCron(cronExpression) };
  return given.cronTimeZone ? { ...parsed, cronTimeZone: checkZone(given.cronTimeZone) } : parsed;
}

function tooOften(): Problem {
  return new Problem(
    400,
    "error:cron-validation/under-one-hour-not-allowed",
    "Cron executions must be more than 1 hour apart.",
    { message: "Syncs more frequent than once per hour are not allowed" },
  );
}

// Airbyte knows the names of the zones in its time library, but for Etc/….
function checkZone(zone: string): string {
  const known = () => {
    try {
      return new Intl.DateTimeFormat("en", { timeZone: zone }).format() !== "";
    } catch {
      return false;
    }
  };
  if (!/^etc/i.test(zone) && known()) return zone;
  throw new Problem(400, "error:cron-validation/invalid-timezone", "The specified cron timezone is invalid", {
    message: `The cron time zone ${zone} is not valid`,
    cronTimezone: zone,
  });
}
