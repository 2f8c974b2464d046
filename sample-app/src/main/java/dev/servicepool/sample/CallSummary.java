package dev.servicepool.sample;

import org.jspecify.annotations.Nullable;

/**
 * Summary of the calls through one client, for the live page.
 *
 * @param inUse whether a call has ended recently
 * @param succeeded the number of calls that succeeded so far
 * @param failed the number of calls that failed so far
 * @param succeededPerSecond the rate of calls that succeeded in the last seconds of use
 * @param failedPerSecond the rate of calls that failed in the last seconds of use
 * @param p50Millis the 50th percentile of the durations of the calls that succeeded in
 * the last seconds of use, in milliseconds; {@code null} if none succeeded
 * @param p99Millis the 99th percentile of these durations, in milliseconds; {@code null}
 * if none succeeded
 * @param lastFailure the message of the last failure, {@code null} if no call failed
 */
record CallSummary(boolean inUse, long succeeded, long failed, long succeededPerSecond, long failedPerSecond,
		@Nullable Long p50Millis, @Nullable Long p99Millis, @Nullable String lastFailure) {

	/** Summary of a client that has not been used. */
	static final CallSummary NONE = new CallSummary(false, 0, 0, 0, 0, null, null, null);

}
