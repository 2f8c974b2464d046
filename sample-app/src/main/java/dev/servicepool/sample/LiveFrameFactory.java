package dev.servicepool.sample;

import java.time.Instant;
import java.util.List;

import dev.servicepool.sample.upstream.SlowSwitch;
import dev.servicepool.spring.actuate.PoolEndpoint;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Factory that creates frames from the current state of the sample.
 */
@Component
class LiveFrameFactory {

	private final LiveLoad load;

	private final PoolEndpoint pools;

	private final SlowSwitch slow;

	private final List<String> servers;

	LiveFrameFactory(LiveLoad load, PoolEndpoint pools, SlowSwitch slow,
			@Value("${sample.upstream.first},${sample.upstream.second}") List<String> servers) {
		this.load = load;
		this.pools = pools;
		this.slow = slow;
		this.servers = servers;
	}

	LiveFrame create() {
		return new LiveFrame(Instant.now(), this.load.callers(), this.load.succeeded(), this.load.failed(),
				this.servers, this.slow.isOn(), this.pools.pool("quotes"));
	}

}
