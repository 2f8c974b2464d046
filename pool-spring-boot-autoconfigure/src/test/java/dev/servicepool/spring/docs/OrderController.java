package dev.servicepool.spring.docs;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

@RestController
class OrderController {

	private final RestClient orders;

	OrderController(RestClient.Builder builder) {
		this.orders = builder.baseUrl("http://localhost:9000").build();
	}

	@GetMapping("/orders/{id}")
	String order(@PathVariable String id) {
		return this.orders.get().uri("/{id}", id).retrieve().body(String.class);
	}

}
