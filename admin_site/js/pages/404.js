// A page that asks for nothing and signs nobody in.
document.getElementById("starting").remove();
