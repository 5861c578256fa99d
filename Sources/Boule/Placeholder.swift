// Boule
