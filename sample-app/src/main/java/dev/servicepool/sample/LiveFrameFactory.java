package dev.servicepool.sample;

import java.time.Instant;
import java.util.List;

import dev.servicepool.sample.upstream.SlowSwitch;
import dev.servicepool.spring.actuate.PoolEndpoint.PoolDescriptor;
import dev.servicepool.spring.actuate.PoolEndpoint;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Factory that creates samples and frames from the current state of the sample.
 */
@Component
class LiveFrameFactory {

	private final LiveLoad load;

	private final LiveStatistics statistics;

	private final PoolEndpoint pools;

	private final SlowSwitch slow;

	private final List<String> servers;

	LiveFrameFactory(LiveLoad load, LiveStatistics statistics, PoolEndpoint pools, SlowSwitch slow,
			@Value("${sample.upstream.first},${sample.upstream.second}") List<String> servers) {
		this.load = load;
		this.statistics = statistics;
		this.pools = pools;
		this.slow = slow;
		this.servers = servers;
	}

	/**
	 * Return a sample, or {@code null} if there is no pool.
	 */
	@Nullable LiveSample sample() {
		return sample(Instant.now(), this.pools.pool("quotes"));
	}

	/**
	 * Return a frame.
	 * @param events the events since the previous frame
	 */
	LiveFrame frame(List<LiveEvent> events) {
		Instant now = Instant.now();
		PoolDescriptor pool = this.pools.pool("quotes");
		return new LiveFrame(now,
				new LiveFrame.Controls(
						this.load.callers(), this.load.isPooling(), this.slow.isOn(), this.load.forecastCallers()),
				this.servers,
				new LiveFrame.Calls(this.statistics.withPool().summary(), this.statistics.withoutPool().summary(),
						this.statistics.forecasts().summary()),
				sample(now, pool), events, pool, this.pools.pool("forecasts"));
	}

	private static @Nullable LiveSample sample(Instant now, @Nullable PoolDescriptor pool) {
		return (pool != null) ? LiveSample.of(now, pool.summary()) : null;
	}

}
