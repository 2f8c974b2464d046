package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.servicepool.Pool;
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
 * Tests for {@link PoolDecisionLog} and {@link PoolSummaryLine}: what the log has of the
 * pools.
 */
@ExtendWith(OutputCaptureExtension.class)
class PoolDecisionLogTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger(PoolDecisionLog.class);

	private final PoolDecisionLog log = new PoolDecisionLog();

	@AfterEach
	void resetLevel() {
		this.logger.setLevel(null);
	}

	@Test
	void tellsADecisionWithPoolServiceAndReason(CapturedOutput output) {
		this.logger.setLevel(Level.DEBUG);
		this.log.onEvent(event(Type.EJECTED, "for 10s: 5 failures in a row", 3L));
		assertThat(output.getOut().lines()).hasSize(1)
			.allSatisfy((line) -> assertThat(line)
				.endsWith("Pool 'orders': ejected service 3, for 10s: 5 failures in a row (4 services)"));
	}

	@Test
	void tellsADecisionThatIsAboutNoService() {
		assertThat(PoolDecisionLog.line(event(Type.VETOED, "load 0.3 above 0.2", null)))
			.isEqualTo("Pool 'orders': held back, load 0.3 above 0.2 (4 services)");
	}

	@Test
	void takesOneLineForAReasonOfSeveral() {
		assertThat(
				PoolDecisionLog.line(event(Type.CREATION_FAILED, "for a: SSLException: no\r\n\tcertificate\n", null)))
			.isEqualTo("Pool 'orders': make failed, for a: SSLException: no certificate (4 services)");
	}

	@Test
	void saysNothingOfSingleCallers(CapturedOutput output) {
		this.logger.setLevel(Level.DEBUG);
		this.log.onEvent(event(Type.REJECTED, "too many", null));
		this.log.onEvent(event(Type.TIMED_OUT, "too late", null));
		assertThat(output.getOut()).isEmpty();
	}

	@Test
	void saysNothingUnlessAskedFor(CapturedOutput output) {
		this.logger.setLevel(Level.INFO);
		this.log.onEvent(event(Type.EJECTED, "for 10s: 5 failures in a row", 3L));
		assertThat(output.getOut()).isEmpty();
	}

	@Test
	void hasTheSettingsThatMatterMostInOneLine() {
		assertThat(line(List.of(Target.of("https://orders.internal")), 16, 20))
			.isEqualTo("Pool 'orders' for https://orders.internal: 1 to 16 services, each with 20 requests at a time;"
					+ " at most 1000 callers wait, for 30s; headroom window 10s, idle timeout 10m, load by peak EWMA");
	}

	@Test
	void saysWhatIsUnlimited() {
		assertThat(line(List.of(), Integer.MAX_VALUE, Integer.MAX_VALUE))
			.startsWith("Pool 'orders': 1 or more services, each with any number of requests at a time; ");
	}

	@Test
	void namesFiveTargetsAtMost() {
		List<Target> targets = IntStream.rangeClosed(1, 7).mapToObj((i) -> Target.of("gpu-" + i)).toList();
		assertThat(line(targets, 16, 20))
			.startsWith("Pool 'orders' for gpu-1, gpu-2, gpu-3, gpu-4, gpu-5 and 2 more: 7 to 16 services");
	}

	private static String line(List<Target> targets, int maxServices, int maxConcurrency) {
		try (Pool<String, Integer> pool = Pool.builder()
			.maxServices(maxServices)
			.maxConcurrency(maxConcurrency)
			.acquireTimeout(Duration.ofSeconds(30))
			.build((target) -> Service.of(String::length))) {
			return PoolSummaryLine.of("orders", targets, pool.settings());
		}
	}

	private static PoolEvent event(Type what, String why, @Nullable Long service) {
		return new PoolEvent("orders", 1, Instant.EPOCH, what, null, why, service, 4, 1);
	}

}
