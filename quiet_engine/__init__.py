"""Where the packages of Quiet Engine live once they are installed; see `launcher`."""
