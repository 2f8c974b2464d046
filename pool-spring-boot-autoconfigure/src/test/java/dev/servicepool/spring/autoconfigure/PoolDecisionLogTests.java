package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.Service;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolDecisionLog} and {@link PoolSummaryLine}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PoolDecisionLogTests {

	/** The types of events that operators cause. */
	private static final Set<Type> OPERATIONS = Set.of(Type.BOUNDS_CHANGED, Type.TARGET_DRAINED, Type.TARGET_UNDRAINED,
			Type.REPLACEMENT_BEGUN, Type.RESET);

	private final Logger logger = (Logger) LoggerFactory.getLogger(PoolDecisionLog.class);

	private final PoolDecisionLog log = new PoolDecisionLog();

	@AfterEach
	void resetLevel() {
		this.logger.setLevel(null);
	}

	@Test
	void logsDecisionWithPoolServiceAndMessage(CapturedOutput output) {
		this.logger.setLevel(Level.DEBUG);
		this.log.onEvent(event(Type.EJECTED, "5 consecutive failures; ejected for 10s", 3L));
		assertThat(output.getOut().lines()).hasSize(1)
			.allSatisfy((line) -> assertThat(line)
				.endsWith("Pool 'orders': ejected service 3: 5 consecutive failures; ejected for 10s (4 services)"));
	}

	@Test
	void logsDecisionWithoutService() {
		assertThat(PoolDecisionLog.line(event(Type.VETOED, "removal vetoed: a service is being created", null)))
			.isEqualTo("Pool 'orders': vetoed: removal vetoed: a service is being created (4 services)");
	}

	@Test
	void logsMultilineMessageInOneLine() {
		assertThat(
				PoolDecisionLog.line(event(Type.CREATION_FAILED, "for a: SSLException: no\r\n\tcertificate\n", null)))
			.isEqualTo("Pool 'orders': creation-failed: for a: SSLException: no certificate (4 services)");
	}

	@Test
	void doesNotLogRejectedOrTimedOutCallers(CapturedOutput output) {
		this.logger.setLevel(Level.DEBUG);
		this.log.onEvent(event(Type.REJECTED, "wait queue is full (maxWaiting=1000)", null));
		this.log.onEvent(event(Type.TIMED_OUT, "no service became available within 30s", null));
		assertThat(output.getOut()).isEmpty();
	}

	@Test
	void logsTroublesAtWarnAndTheirEndsAtInfo(CapturedOutput output) {
		this.logger.setLevel(Level.INFO);
		this.log.onEvent(event(Type.EJECTED, "5 consecutive failures; ejected for 10s", 3L));
		this.log.onEvent(event(Type.READMITTED, "responded to a probe", 3L));
		this.log.onEvent(event(Type.OUTAGE, "none of the last 5 calls succeeded within 2s", null));
		this.log.onEvent(event(Type.RECOVERED, "a call succeeded", null));
		this.log.onEvent(event(Type.RETRIES_EXHAUSTED, "budget is used up", null));
		this.log.onEvent(event(Type.RETRIES_AVAILABLE, "no further attempt was denied", null));
		assertThat(output.getOut().lines()).hasSize(6)
			.satisfiesExactly((line) -> assertThat(line).contains("WARN", "Pool 'orders': ejected service 3: 5 cons"),
					(line) -> assertThat(line).contains("INFO", "Pool 'orders': readmitted service 3: responded"),
					(line) -> assertThat(line).contains("WARN", "Pool 'orders': outage: none of the last 5 calls"),
					(line) -> assertThat(line).contains("INFO", "Pool 'orders': recovered: a call succeeded"),
					(line) -> assertThat(line).contains("WARN", "Pool 'orders': retries-exhausted: budget is used up"),
					(line) -> assertThat(line).contains("INFO", "Pool 'orders': retries-available: no further"));
	}

	@Test
	void logsOperationsAtInfo(CapturedOutput output) {
		this.logger.setLevel(Level.INFO);
		OPERATIONS.forEach((type) -> this.log.onEvent(event(type, "by 'operator'", null)));
		assertThat(output.getOut().lines()).hasSameSizeAs(OPERATIONS)
			.allSatisfy((line) -> assertThat(line).contains("INFO", "by 'operator'"));
	}

	@Test
	void logsOtherDecisionsOnlyAtDebugLevel(CapturedOutput output) {
		this.logger.setLevel(Level.INFO);
		for (Type type : Type.values()) {
			if (!OPERATIONS.contains(type) && !Set
				.of(Type.EJECTED, Type.READMITTED, Type.OUTAGE, Type.RECOVERED, Type.RETRIES_EXHAUSTED,
						Type.RETRIES_AVAILABLE)
				.contains(type)) {
				this.log.onEvent(event(type, "because of a reason", 3L));
			}
		}
		assertThat(output.getOut()).isEmpty();
	}

	@Test
	void summaryContainsMainSettings() {
		assertThat(line(List.of(Target.of("https://orders.internal")), 16, 20))
			.isEqualTo("Pool 'orders': created for https://orders.internal: 1 to 16 services, each with up to 20"
					+ " concurrent requests; at most 1000 callers can wait, each for up to 30s; headroom window 10s, idle timeout"
					+ " 10m, load metric peak-ewma");
	}

	@Test
	void summaryDescribesUnlimitedSettings() {
		assertThat(line(List.of(), Integer.MAX_VALUE, Integer.MAX_VALUE))
			.startsWith("Pool 'orders': created: 1 or more services, each with unlimited concurrent requests; ");
	}

	@Test
	void summaryListsAtMostFiveTargets() {
		List<Target> targets = IntStream.rangeClosed(1, 7).mapToObj((i) -> Target.of("gpu-" + i)).toList();
		assertThat(line(targets, 16, 20))
			.startsWith("Pool 'orders': created for gpu-1, gpu-2, gpu-3, gpu-4, gpu-5 and 2 more: 7 to 16 services");
	}

	@Test
	void summaryCountsPreferredTargetsOnly() {
		List<Target> targets = IntStream.rangeClosed(1, 4).mapToObj((i) -> Target.of("gpu-" + i)).toList();
		assertThat(line(targets, 16, 20, (pool) -> pool.targets(targets).subset(2))).contains(": 2 to 16 services");
	}

	private static String line(List<Target> targets, int maxServices, int maxConcurrency) {
		return line(targets, maxServices, maxConcurrency, (pool) -> {
			if (!targets.isEmpty()) {
				pool.targets(targets);
			}
		});
	}

	private static String line(List<Target> targets, int maxServices, int maxConcurrency,
			Consumer<PoolBuilder> customizer) {
		PoolBuilder builder = Pool.builder()
			.maxServices(maxServices)
			.maxConcurrency(maxConcurrency)
			.acquireTimeout(Duration.ofSeconds(30));
		customizer.accept(builder);
		try (Pool<String, Integer> pool = builder.build((target) -> Service.of(String::length))) {
			return PoolSummaryLine.of("orders", targets, pool.snapshot().settings());
		}
	}

	private static PoolEvent event(Type type, String message, @Nullable Long service) {
		return new PoolEvent("orders", 1, Instant.EPOCH, type, null, message, service, 4);
	}

}
