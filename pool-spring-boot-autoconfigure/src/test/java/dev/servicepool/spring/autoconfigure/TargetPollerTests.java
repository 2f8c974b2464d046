package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Service;
import dev.servicepool.Target;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TargetPoller} in virtual time.
 */
@ExtendWith(OutputCaptureExtension.class)
class TargetPollerTests {

	private static final Target MISSING = MissingTargets.TARGET;

	private final AtomicLong now = new AtomicLong();

	private Callable<List<Target>> source = () -> targets("a");

	@AutoClose
	private final Pool<String, Integer> pool = Pool.builder()
		.name("polled")
		.targets(MISSING)
		.maxServices(2)
		.build((target) -> Service.of(String::length));

	@Test
	void emptySourceKeepsLastTargetsForTime(CapturedOutput output) {
		TargetPoller poller = poller("a", "b");
		this.source = List::of;
		poll(poller, Duration.ZERO, Duration.ofMinutes(4));
		assertThat(current()).isEqualTo("2 targets: a, b");
		assertThat(messages(output))
			.containsExactly("Pool 'polled': no targets were found; keeping the last targets for 5m.");
	}

	@Test
	void sourceThatIsEmptyForTimeIsBelieved(CapturedOutput output) {
		TargetPoller poller = poller("a", "b");
		this.source = List::of;
		poll(poller, Duration.ZERO, Duration.ofMinutes(5), Duration.ofMinutes(5));
		assertThat(current()).isEqualTo("1 target: no target found");
		assertThat(messages(output)).hasSize(2)
			.endsWith("Pool 'polled': no targets were found for 5m; removing the last targets.");
	}

	@Test
	void believedSourceThatFindsTargetsIsUsed() {
		TargetPoller poller = poller("a", "b");
		this.source = List::of;
		poll(poller, Duration.ZERO, Duration.ofMinutes(5));
		this.source = () -> targets("b");
		poll(poller, Duration.ZERO);
		assertThat(current()).isEqualTo("1 target: b");
	}

	@Test
	void foundTargetsRestartTime() {
		TargetPoller poller = poller("a", "b");
		this.source = List::of;
		poll(poller, Duration.ZERO, Duration.ofMinutes(4));
		this.source = () -> targets("a", "b");
		poll(poller, Duration.ZERO);
		this.source = List::of;
		poll(poller, Duration.ZERO, Duration.ofMinutes(4));
		assertThat(current()).isEqualTo("2 targets: a, b");
	}

	/** A registry that restarts knows no instances until they register again. */
	@Test
	void failureRestartsTime() {
		TargetPoller poller = poller("a", "b");
		this.source = List::of;
		poll(poller, Duration.ZERO);
		this.source = TargetPollerTests::fail;
		poll(poller, Duration.ofMinutes(30));
		this.source = List::of;
		poll(poller, Duration.ofSeconds(1), Duration.ofMinutes(4));
		assertThat(current()).isEqualTo("2 targets: a, b");
	}

	@Test
	void failingSourceIsNeverBelieved(CapturedOutput output) {
		TargetPoller poller = poller("a", "b");
		this.source = TargetPollerTests::fail;
		poll(poller, Duration.ZERO, Duration.ofHours(1), Duration.ofHours(1));
		assertThat(current()).isEqualTo("2 targets: a, b");
		assertThat(messages(output)).singleElement().asString().contains("looking up the targets failed");
	}

	@Test
	void sourceThatFailsWithErrorIsQueriedAgain() {
		TargetPoller poller = poller("a");
		this.source = () -> {
			throw new OutOfMemoryError("unable to create native thread");
		};
		poll(poller, Duration.ZERO);
		this.source = () -> targets("b");
		poll(poller, Duration.ZERO);
		assertThat(current()).isEqualTo("1 target: b");
	}

	@Test
	void unservedTargetsAreLoggedOncePerChange(CapturedOutput output) {
		TargetPoller poller = poller("a", "b");
		this.source = () -> targets("a", "b", "c");
		poll(poller, Duration.ZERO, Duration.ZERO);
		this.source = () -> targets("a", "b", "c", "d");
		poll(poller, Duration.ZERO, Duration.ZERO);
		this.source = () -> targets("a", "b");
		poll(poller, Duration.ZERO);
		this.source = () -> targets("a", "b", "c", "d");
		poll(poller, Duration.ZERO);
		String remedy = " without a service, because max-services is 2. Set 'pool.instances.polled.max-services' to at least ";
		assertThat(messages(output)).containsExactly("Pool 'polled': 1 of 3 targets" + remedy + "3.",
				"Pool 'polled': 2 of 4 targets" + remedy + "4.", "Pool 'polled': 2 of 4 targets" + remedy + "4.");
	}

	@Test
	void runDuringQueryCausesOneMoreQuery() {
		AtomicInteger queries = new AtomicInteger();
		TargetPoller poller = poller("a");
		this.source = () -> {
			if (queries.incrementAndGet() == 1) {
				poller.run();
				poller.run();
				assertThat(queries).hasValue(1);
			}
			return targets("a");
		};
		poller.run();
		assertThat(queries).hasValue(2);
		poller.run();
		assertThat(queries).hasValue(3);
	}

	/** Return a poller whose source has found targets. */
	private TargetPoller poller(String... found) {
		PoolConfiguration configuration = new PoolProperties().pool("polled");
		return new TargetPoller(this.pool, new TargetSources.Found(targets(found), List.of(MISSING), null),
				() -> this.source.call(), configuration, this.now::get);
	}

	private void poll(TargetPoller poller, Duration... pauses) {
		for (Duration pause : pauses) {
			this.now.addAndGet(pause.toNanos());
			poller.run();
		}
	}

	/** Return the targets of the last change. */
	private String current() {
		return this.pool.snapshot()
			.events()
			.latest()
			.stream()
			.map(PoolSnapshot.CountedEvent::event)
			.filter((event) -> event.type() == PoolEvent.Type.TARGETS_CHANGED)
			.reduce((first, second) -> second)
			.orElseThrow()
			.message();
	}

	/** Return the messages of the poller. Other tests write to the same output. */
	private static List<String> messages(CapturedOutput output) {
		return Pattern.compile("Pool 'polled': .*\\.").matcher(output).results().map(MatchResult::group).toList();
	}

	private static List<Target> fail() {
		throw new IllegalStateException("registry is down");
	}

	private static List<Target> targets(String... names) {
		return Stream.of(names).map(Target::of).toList();
	}

}
