package dev.servicepool.sample;

import dev.servicepool.sample.upstream.SlowSwitch;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Controller for the event stream and the controls of the live page.
 */
@RestController
@RequestMapping("/live")
class LiveController {

	private static final int MAX_CALLERS = 100;

	private static final int MAX_FORECAST_CALLERS = 10;

	private final LiveStream stream;

	private final LiveLoad load;

	private final SlowSwitch slow;

	LiveController(LiveStream stream, LiveLoad load, SlowSwitch slow) {
		this.stream = stream;
		this.load = load;
		this.slow = slow;
	}

	@GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	SseEmitter listen() {
		return this.stream.listen();
	}

	@PostMapping("/callers")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void callers(@RequestParam int count) {
		requireCount(count, MAX_CALLERS);
		this.load.callers(count);
	}

	@PostMapping("/pooling")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void pooling(@RequestParam boolean on) {
		this.load.pooling(on);
	}

	@PostMapping("/forecast-callers")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void forecastCallers(@RequestParam int count) {
		requireCount(count, MAX_FORECAST_CALLERS);
		this.load.forecastCallers(count);
	}

	@PostMapping("/slow")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void slow(@RequestParam boolean on) {
		this.slow.turn(on);
	}

	private static void requireCount(int count, int max) {
		if (count < 0 || count > max) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"'count' must be from 0 to %d but was %d".formatted(max, count));
		}
	}

}
